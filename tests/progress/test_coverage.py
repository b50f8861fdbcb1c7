"""Coverage: no report is not clean, and what was looked at is told of whole districts alone."""

from datetime import timedelta

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gis_app.geo import crs
from gis_app.places.models import District, DistrictVersion, GroundSquare, Sight
from gis_app.progress.coverage import coverage
from tests import factories
from tests.factories import inside
from tests.fieldapi.asking import get

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=1)


def of(district, **asked):
    """The coverage of a district, today if nothing else is asked."""
    return coverage(asked.pop("day", timezone.localdate()), **asked)[district.pk]


def ago(days: int):
    return timezone.now() - days * DAYS


def test_where_nobody_was_nothing_is_covered(city):
    found = of(city.west)

    assert (found.share, found.looked_at, found.last_looked_at) == (0, 0, None)
    assert found.is_thin


def test_a_report_covers_its_square_and_no_other_district(city):
    factories.report()

    found = of(city.west)
    assert found.looked_at == 1
    assert found.sources == {"report": 1, "visit": 0, "treat": 0}
    assert found.last_looked_at == timezone.localdate()
    assert found.share == pytest.approx(200 * 200 / square_metres(city.west), rel=1e-3)
    assert of(city.east).looked_at == 0


def test_a_second_report_of_the_same_square_changes_nothing(city):
    factories.report()
    before = of(city.west)

    factories.report(code="pothole")

    assert of(city.west) == before


def test_whoever_treats_looked_too_and_so_did_whoever_reported_it_again(city):
    found = factories.distortion("treated", observed_at=ago(200))
    assert of(city.west).sources == {"report": 0, "visit": 0, "treat": 1}

    factories.report(code="pothole", observed_at=ago(200))
    factories.report(code="pothole", same_as=factories.report(code="pothole").distortion.number)

    assert found.status == "treated"
    assert of(city.west).sources == {"report": 1, "visit": 0, "treat": 1}


def test_what_was_long_ago_counts_no_more(city):
    factories.report(observed_at=ago(90))

    assert of(city.west).looked_at == 0
    assert of(city.west).last_looked_at == timezone.localdate() - 90 * DAYS
    assert of(city.west, days=91).looked_at == 1


def test_a_past_day_knows_nothing_of_later(city):
    factories.report(observed_at=ago(5))

    assert of(city.west, day=timezone.localdate() - 6 * DAYS).looked_at == 0
    assert of(city.west, day=timezone.localdate() - 5 * DAYS).looked_at == 1


def test_a_private_place_counts_where_the_public_knows_of_it(city):
    factories.element("random_structure", is_private=True)
    place = inside(east=0.31, north=0.77)
    found = factories.report(code="random_structure", **place).distortion

    assert list(Sight.objects.values_list("square", flat=True)) == [square_of(found)]


def test_a_redrawn_district_is_laid_out_anew(city):
    version = DistrictVersion.objects.get(district=city.west)
    squares = version.squares.count()

    version.boundary = factories.square(side=factories.SIDE / 2)
    version.save()

    assert 0 < version.squares.count() < squares


def test_a_district_across_a_zones_edge_is_laid_out_whole(city):
    box = MultiPolygon(crs.box(41.995, 21.26, 42.005, 21.27), srid=crs.WGS84)
    across = factories.district("TAIF-009", boundary=box)

    zones = {square // 10**10 for square in squares_of(across)}
    assert zones == {37, 38}
    assert laid(across) == pytest.approx(square_metres(across), rel=2e-3)  # UTM's own scale


def test_the_feed_tells_of_each_district(city, client):
    factories.report()

    answer = get(client, "districts/coverage?days=30")

    assert answer.status_code == 200
    body = answer.json()
    west = body["features"][0]["properties"]
    assert (body["days"], body["as_of"]) == (30, timezone.localdate().isoformat())
    assert (west["code"], west["looked_at"], west["is_thin"]) == ("TAIF-001", 1, True)
    assert west["sources"] == {"report": 1, "visit": 0, "treat": 0}
    assert body["features"][0]["geometry"]["type"] == "MultiPolygon"


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("days=0", "Give a number from 1 to 3650."),
        ("days=ten", "Give a whole number."),
        ("as_of=2999-01-01", "This day is still to come."),
        ("element=pothole", "This filter is not known."),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(city, client, asked, why):
    answer = get(client, f"districts/coverage?{asked}")

    assert answer.status_code == 400
    assert answer.json()["errors"] == {asked.partition("=")[0]: [why]}


def test_the_number_of_queries_does_not_grow(city, client, django_assert_max_num_queries):
    for column in range(3):
        factories.report(**inside(column))

    with django_assert_max_num_queries(5):
        get(client, "districts/coverage")


def test_days_may_be_written_in_arabic_digits(city, client):
    assert get(client, "districts/coverage?days=٣٠").json()["days"] == 30


class Covered(TestCase):
    """Whatever is reported: a share is a share, and a report never takes from it."""

    @settings(max_examples=10, derandomize=True, deadline=None)
    @given(
        spots=st.lists(
            st.tuples(st.floats(0.01, 2.99), st.floats(0.01, 0.99), st.integers(0, 120)),
            max_size=6,
        )
    )
    def test_a_report_never_takes_from_it(self, spots):
        for column in range(3):
            factories.district(f"TAIF-00{column + 1}", column=column)
        shares = dict.fromkeys(District.objects.values_list("pk", flat=True), 0.0)

        for column, north, days in spots:
            factories.report(**inside(0, east=column, north=north), observed_at=ago(days))
            found = coverage(timezone.localdate())
            for pk, before in shares.items():
                assert before <= found[pk].share <= 1
                assert 0 <= found[pk].looked_at <= found[pk].cells
            shares = {pk: one.share for pk, one in found.items()}


def squares_of(district) -> list[int]:
    return list(
        GroundSquare.objects.filter(version__district=district).values_list("square", flat=True)
    )


def laid(district) -> float:
    return sum(square.area_m2 for square in GroundSquare.objects.filter(version__district=district))


def square_metres(district) -> float:
    return DistrictVersion.objects.get(district=district, valid_to=None).area_m2


def square_of(distortion) -> int:
    """The square of its public place, counted out by hand in zone 37."""
    flat = distortion.public_geometry.transform(crs.UTM_37N, clone=True)
    return (37 * 10**5 + int(flat.x // 200)) * 10**5 + int(flat.y // 200)


def test_a_district_that_is_not_laid_out_yet_is_left_out(client, city):
    GroundSquare.objects.filter(version__district=city.west).delete()

    told = client.get("/api/v1/districts/coverage").json()

    assert "TAIF-001" not in str(told)
    assert "TAIF-002" in str(told)
