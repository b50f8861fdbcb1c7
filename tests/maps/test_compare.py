"""Two cases side by side on the desk, made one, and made two again."""

from uuid import uuid4

import pytest

from gis_app.distortions.models import Distortion
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(city) -> tuple[Distortion, Distortion]:
    """An older one, and one ten metres from it."""
    return factories.distortion(description="الأولى"), factories.distortion(
        description="الثانية", **inside(east=0.51)
    )


def address(pair) -> str:
    return f"/desk/{pair[0].number}/compare/{pair[1].number}/"


def merge(client, pair, survivor: Distortion, **facts):
    return client.post(address(pair), {"id": uuid4(), "survivor": survivor.number} | facts)


def test_the_case_names_what_may_be_the_same_with_its_distance(triage, pair):
    older, newer = pair

    html = triage.get(f"/desk/{newer.number}/").content.decode()

    assert f"/desk/{newer.number}/compare/{older.number}/" in html
    assert f'name="into" value="{older.number}"' in html


def test_only_whoever_may_merge_is_asked(inspector, pair):
    html = inspector.get(f"/desk/{pair[1].number}/").content.decode()

    assert "/compare/" not in html


def test_both_are_told_and_the_older_one_is_offered_to_stay(triage, pair):
    older, newer = pair

    for first, second in (pair, (newer, older)):
        answer = triage.get(address((first, second)))

        html = answer.content.decode()
        assert "الأولى" in html
        assert "الثانية" in html
        assert html.index(older.number) < html.index("side-2")
        assert f'value="{older.number}" checked' in html
        assert answer.context["metres"] == pytest.approx(10.4, abs=0.1)


def test_the_one_that_was_chosen_stays(triage, pair):
    older, newer = pair

    answer = merge(triage, pair, newer)

    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/desk/{newer.number}/")
    older.refresh_from_db()
    assert (older.status, older.merged_into) == ("merged", newer)
    told = triage.get(answer["Location"]).content.decode()
    assert f"/desk/{older.number}/compare/{newer.number}/#undo" in told


def test_a_double_submit_is_harmless(triage, pair):
    id = uuid4()

    answers = [merge(triage, pair, pair[0], id=id) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]


def test_a_merge_is_undone_from_the_same_page(triage, pair):
    older, newer = pair
    merge(triage, pair, older)

    html = triage.get(address(pair)).content.decode()
    answer = triage.post(
        f"/desk/{newer.number}/moves/unmerge/",
        {"id": uuid4(), "expected_status": "merged", "reason": "Two walls."},
    )

    assert f"/desk/{newer.number}/moves/unmerge/" in html
    assert answer.status_code == 302
    newer.refresh_from_db()
    assert (newer.status, newer.reports_count) == ("reported", 1)


def test_kinds_that_differ_are_told_and_can_be_merged(triage, city):
    pair = factories.distortion(), factories.distortion(code="pothole")

    assert triage.get(address(pair)).context["differ"]
    assert merge(triage, pair, pair[0]).status_code == 302


def test_what_is_treated_stays_itself(triage, city):
    pair = factories.distortion("treated"), factories.distortion("treated")

    answer = triage.get(address(pair))

    assert not answer.context["can_merge"]
    assert merge(triage, pair, pair[0]).status_code in (409, 422)


def test_neither_of_them_may_be_forgotten(triage, pair):
    answer = triage.post(address(pair), {"id": uuid4()})

    assert answer.status_code == 422
    assert not Distortion.objects.filter(status="merged").exists()


@pytest.mark.parametrize("survivor", ["", "TF-00-000000"])
def test_only_one_of_the_two_can_stay(triage, pair, survivor):
    answer = triage.post(address(pair), {"id": uuid4(), "survivor": survivor})

    assert answer.status_code == 422


def test_nobody_compares_what_she_does_not_work_on(triage, pair):
    elsewhere = factories.user("triage")
    elsewhere.districts.add(factories.district("TAIF-009", column=8))
    triage.force_login(elsewhere)

    assert triage.get(address(pair)).status_code == 404


def test_one_is_not_compared_with_itself(triage, pair):
    assert triage.get(address((pair[0], pair[0]))).status_code == 404
