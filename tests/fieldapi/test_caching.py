"""What was answered before: not told again while it is the same, and never to somebody else."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gis_app.catalogue.formula_actions import load_formulas
from gis_app.distortions.models import Distortion
from tests import factories
from tests.fieldapi.asking import get
from tests.progress.weighing import FORMULA

COUNTING_STEPS = [
    "distortions",
    "steps",
    "districts/progress",
    "districts/progress/series",
    "districts/progress/table",
    "districts/index",
]
SUMS = [address for address in COUNTING_STEPS if address.startswith("districts/")]
CODES = ["graffiti", ",".join(["graffiti"] * 100)]
SEEN = ["districts/coverage"]  # which not every step changes
OF_THE_GROUND = ["districts", "parks", "kiosks", "elements"]


@pytest.fixture(autouse=True)
def _answers_are_kept(settings):
    in_memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tests"}
    settings.CACHES = settings.CACHES | {"answers": in_memory}
    caches["answers"].clear()


@pytest.fixture
def city(city):
    """The city, with a formula for its index."""
    load_formulas([FORMULA])
    return city


def again(client, address: str, answer, **headers):
    """Ask again, with what was answered before."""
    return get(client, address, **{"if-none-match": answer["ETag"]} | headers)


@pytest.mark.parametrize("address", COUNTING_STEPS + SEEN + OF_THE_GROUND)
def test_the_same_is_not_told_twice(city, client, address):
    factories.distortion("accepted")
    first = get(client, address)

    second = again(client, address, first)

    assert (first.status_code, second.status_code) == (200, 304)
    assert second["ETag"] == first["ETag"]
    assert second.content == b""
    assert "max-age=" in second["Cache-Control"]


@pytest.mark.parametrize("address", COUNTING_STEPS + SEEN)
def test_that_nothing_has_changed_is_one_question_to_the_database(city, client, address):
    first = get(client, address)

    with CaptureQueriesContext(connection) as asked:
        again(client, address, first)

    assert len(asked) == 1


@pytest.mark.parametrize("address", COUNTING_STEPS)
def test_a_step_makes_it_new(city, client, address):
    found = factories.distortion()
    first = get(client, address)
    factories.move("accept", found)

    second = again(client, address, first)

    assert second.status_code == 200
    assert second.content != first.content


def test_what_becomes_late_makes_it_new(city, client):
    found = factories.distortion("accepted")
    first = get(client, "distortions")
    hour_ago = timezone.now() - timedelta(hours=1)
    Distortion.objects.filter(pk=found.pk).update(due_at=hour_ago)  # as if time had passed

    second = again(client, "distortions", first)

    assert second.json()["features"][0]["properties"]["late"] is True


def test_what_becomes_late_is_summed_anew(city, client):
    found = factories.distortion("accepted")
    first = get(client, "districts/progress")
    hour_ago = timezone.now() - timedelta(hours=1)
    Distortion.objects.filter(pk=found.pk).update(due_at=hour_ago)  # as if time had passed

    with CaptureQueriesContext(connection) as asked:
        second = get(client, "districts/progress")

    assert len(asked) > 1
    assert second["ETag"] != first["ETag"]


def test_what_becomes_late_within_the_same_second_makes_it_new_too(city, client):
    first, second = factories.distortion("accepted"), factories.distortion("accepted")
    hour_ago = (timezone.now() - timedelta(hours=1)).replace(microsecond=100_000)
    Distortion.objects.filter(pk=first.pk).update(due_at=hour_ago)
    before = get(client, "districts/progress")
    shortly_after = hour_ago + timedelta(milliseconds=300)
    Distortion.objects.filter(pk=second.pk).update(due_at=shortly_after)

    assert get(client, "districts/progress")["ETag"] != before["ETag"]


@pytest.mark.parametrize("address", SUMS)
def test_who_asks_next_is_told_the_same_without_summing(city, client, triage, address):
    factories.distortion("accepted")
    first = get(client, address)

    with CaptureQueriesContext(connection) as asked:
        second = get(client, address)

    assert len(asked) == 1
    assert second.content == first.content
    assert second.headers == first.headers
    assert get(triage, address).status_code == 200


@pytest.mark.parametrize("address", SUMS)
def test_what_is_kept_is_told_in_each_ones_language(city, client, address):
    factories.distortion("accepted")

    told = {get(client, address, **{"accept-language": code}).content for code in ("ar", "en")}

    assert len(told) == (1 if address.endswith("series") else 2)


@pytest.mark.parametrize("address", ["districts/progress/table", "districts/progress/series"])
def test_how_one_wants_it_written_is_not_kept_for_others(city, client, address):
    factories.distortion("accepted")
    spread = get(client, address, accept="application/json; indent=8")

    assert get(client, address).content == spread.content
    assert b"\n" not in spread.content


def test_what_is_longer_than_any_city_needs_is_not_kept(city, client, monkeypatch):
    monkeypatch.setattr("fieldapi.caching.MOST_BYTES", 1000)
    address = "districts/progress"
    first = get(client, address)

    with CaptureQueriesContext(connection) as asked:
        second = get(client, address)

    assert len(asked) > 1
    assert second.content == first.content


def test_a_code_that_is_repeated_makes_no_answer_longer(city, client):
    factories.distortion("accepted")
    once, often = (get(client, f"districts/progress?element={codes}") for codes in CODES)

    assert often.content == once.content


def test_what_staff_were_told_is_not_told_to_others(city, client, triage):
    factories.distortion("treated")
    assert get(triage, "districts/progress/table?by=team").json()["rows"]

    assert get(client, "districts/progress/table?by=team").status_code == 403


def test_a_new_name_makes_it_new(city, client):
    factories.distortion("accepted")
    first = get(client, "distortions")
    element = factories.element("graffiti")
    element.name_en = "Writing on walls"
    element.save()

    second = again(client, "distortions", first)

    assert second.json()["features"][0]["properties"]["element_name"] == "Writing on walls"


def test_a_change_on_the_ground_makes_it_new(city, client):
    first = get(client, "districts")
    city.west.name_en = "Another name"
    city.west.save()

    assert again(client, "districts", first).status_code == 200


def test_another_question_language_or_reader_has_another_tag(city, client, triage, crew):
    factories.distortion("accepted")
    tags = [
        get(client, "distortions")["ETag"],
        get(client, "distortions?limit=5")["ETag"],
        get(client, "distortions", **{"accept-language": "ar"})["ETag"],
        get(triage, "distortions")["ETag"],
        get(crew, "distortions")["ETag"],
    ]

    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("address", COUNTING_STEPS + OF_THE_GROUND)
def test_what_anybody_sees_may_be_kept_by_any_cache_what_staff_see_by_their_browser(
    city, client, triage, address
):
    public, private = get(client, address), get(triage, address)

    assert public["Cache-Control"].startswith("public, max-age=")
    assert "stale-while-revalidate=" in public["Cache-Control"]
    assert private["Cache-Control"] == "private, no-cache"
    for name in ("Accept-Language", "Authorization", "Cookie"):
        assert name in public["Vary"]
        assert name in private["Vary"]


def test_what_cannot_be_read_is_refused_and_not_kept(city, client):
    answer = get(client, "distortions?limit=0")

    assert answer.status_code == 400
    assert not answer.has_header("ETag")
    assert not answer.has_header("Cache-Control")
