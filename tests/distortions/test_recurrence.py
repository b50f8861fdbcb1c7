"""What comes back is linked to the treatment that did not last."""

from datetime import timedelta

import pytest
from django.contrib.gis.geos import LineString
from django.utils import timezone

from gis_app.distortions.models import Distortion
from gis_app.distortions.recurrence import recurring_at
from gis_app.geo import crs
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db

METRE = 1 / 103_600  # of longitude in degrees, at 21.26° N


def verified(**facts) -> Distortion:
    """One that was verified just before the reports of the tests are observed."""
    found = factories.distortion("verified", **facts)
    yesterday = timezone.now() - timedelta(days=1)
    Distortion.objects.filter(pk=found.pk).update(verified_at=yesterday, treated_at=yesterday)
    found.refresh_from_db()
    return found


def again(*, metres: float = 0, **facts) -> Distortion:
    place = inside()
    return factories.distortion(lon=place["lon"] + metres * METRE, lat=place["lat"], **facts)


def test_the_same_element_near_a_verified_one_is_its_recurrence(city):
    before = verified()

    assert again(metres=29).recurrence_of == before
    assert again(metres=31).recurrence_of is None
    assert again(code="pothole").recurrence_of is None


def test_what_was_verified_too_long_ago_has_not_come_back(city):
    before = verified()
    days = before.element.recurrence_days
    too_long = timezone.now() - timedelta(days=days, hours=2)
    Distortion.objects.filter(pk=before.pk).update(verified_at=too_long)

    assert again().recurrence_of is None


def test_what_was_seen_before_the_verification_has_not_come_back(city):
    factories.distortion("verified")

    assert again().recurrence_of is None  # observed an hour before


def test_what_is_still_open_has_not_come_back(city):
    factories.distortion("treated")

    assert again().recurrence_of is None


def test_the_nearest_one_came_back_and_of_equally_near_ones_the_last(city):
    verified(lon=inside()["lon"] + 20 * METRE)
    older, newer = verified(), verified()
    Distortion.objects.filter(pk=older.pk).update(
        verified_at=older.verified_at - timedelta(hours=1)
    )

    assert again().recurrence_of == newer


def test_a_line_is_measured_from_its_nearest_part(city):
    place = inside()
    line = LineString(
        (place["lon"], place["lat"]), (place["lon"] + 200 * METRE, place["lat"]), srid=crs.WGS84
    )
    before = verified(code="damaged_sidewalk", geometry=line)
    beyond_its_end = crs.point(lon=place["lon"] + 220 * METRE, lat=place["lat"])

    found = recurring_at(beyond_its_end, element=before.element, at=timezone.now())

    assert found == before


def test_a_correction_asks_anew_what_came_back(city):
    verified()
    found = again(code="pothole")

    found = factories.move("correct", found, element="graffiti")
    assert found.recurrence_of

    found = factories.move("correct", found, geometry=crs.point(**inside(2)))
    assert found.recurrence_of is None
    change = found.steps.latest("pk").differences["recurrence_of"]
    assert change[1] is None


def test_the_list_finds_recurrences_and_what_relapsed(client, city):
    before, other = verified(), factories.distortion("verified", **inside(2))
    back = again()

    def listed(**asked):
        return [row.number for row in client.get("/list/", asked).context["rows"]]

    assert listed(recurrence="true") == [back.number]
    assert listed(relapsed="true") == [before.number]
    assert other.number in listed()


def test_a_recurrence_that_was_rejected_is_no_relapse(client, city):
    verified()
    factories.move("reject", again())

    assert not list(client.get("/list/", {"relapsed": "true"}).context["rows"])


def test_pages_and_api_tell_what_came_back(client, triage, city):
    before = verified()
    back = again()

    assert before.number in client.get(f"/d/{back.number}/").content.decode()
    assert back.number in client.get(f"/d/{before.number}/").content.decode()
    assert before.number in triage.get(f"/desk/{back.number}/").content.decode()
    told = client.get(f"/api/v1/distortions/{back.number}").json()["properties"]
    assert told["recurrence_of"] == before.number


def test_what_is_not_public_is_not_named(client, city):
    before = verified()
    back = again()
    before = factories.move("reopen", before)
    factories.move("refer", before)

    told = client.get(f"/api/v1/distortions/{back.number}").json()["properties"]

    assert told["recurrence_of"] is None
    assert before.number not in client.get(f"/d/{back.number}/").content.decode()
