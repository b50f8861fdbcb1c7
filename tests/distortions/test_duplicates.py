"""Which distortions a report may be about: of its kind, open, and within the element's own radius."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import LineString, Polygon
from django.db import connection
from django.utils import timezone

from gis_app.distortions.duplicates import likely, likely_for_staff
from gis_app.distortions.models import Distortion
from gis_app.geo import crs
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()
HERE = inside()


def east(metres: float) -> dict[str, float]:
    """The place that many metres east of the middle of the first square."""
    return HERE | {"lon": HERE["lon"] + metres / 103_700}


def found(code: str = "graffiti", *, by=ANYBODY, at=HERE, **facts) -> list[Distortion]:
    return list(likely(factories.element(code), crs.point(**at), by=by, **facts))


def test_the_nearest_comes_first_with_its_metres(city):
    far, near = (factories.distortion(**east(metres)) for metres in (25, 10))

    assert [row.number for row in found()] == [near.number, far.number]
    assert found()[0].distance.m == pytest.approx(10, rel=0.02)


def test_each_element_has_its_own_radius(city):
    known = factories.distortion(**east(40))

    assert found() == []
    known.element.same_metres = 45
    known.element.save()
    assert found() == [known]


def test_a_rough_place_looks_farther_but_not_through_the_city(city):
    known = factories.distortion(**east(100))
    factories.distortion(**east(130))

    assert found(accuracy_m=20) == []
    assert found(accuracy_m=75) == [known]
    assert found(accuracy_m=740) == [known]


@pytest.mark.parametrize(
    ("code", "shape"),
    [
        ("damaged_sidewalk", LineString((HERE["lon"] + 0.0001, 21.262), (HERE["lon"] + 0.0001, 21.27))),
        ("pothole", Polygon.from_bbox((HERE["lon"] + 0.0001, 21.264, HERE["lon"] + 0.002, 21.266))),
    ],
)  # fmt: skip
def test_lines_and_areas_are_measured_to_their_nearest_point(city, code, shape):
    known = factories.distortion(code=code, geometry=shape)

    (row,) = found(code)

    assert row == known
    assert row.distance.m == pytest.approx(10.37, rel=0.01)


@pytest.mark.parametrize("status", factories.LIVES)
def test_only_what_is_under_way_is_offered(city, status):
    known = factories.distortion(status)

    offered = status in ("reported", "accepted", "assigned", "in_progress", "reopened")

    assert (known in found()) == offered


def test_another_kind_is_not_offered_to_reporters(city):
    factories.distortion(code="pothole")

    assert found("graffiti") == []


def test_a_private_place_is_measured_from_where_the_public_sees_it(city):
    factories.element("street_vendor", is_private=True)
    known = factories.distortion(code="street_vendor")
    coarse = known.public_geometry

    assert found("street_vendor") == []
    assert found("street_vendor", at={"lon": coarse.x, "lat": coarse.y}) == [known]
    assert found("street_vendor", by=factories.staff("triage")) == [known]


def test_staff_see_kinds_that_are_mistaken_for_it_and_what_waits_to_be_verified(city):
    factories.element("graffiti").related.add(factories.element("pothole"))
    case = factories.distortion("accepted")
    treated = factories.distortion("treated", **east(5))
    related = factories.distortion(code="pothole", **east(12))
    factories.distortion(code="damaged_sidewalk", **east(2))
    factories.distortion("rejected", **east(2))

    rows = list(likely_for_staff(case, factories.staff("triage")))

    assert rows == [treated, related]
    assert [row.element == case.element for row in rows] == [True, False]


def test_staff_see_only_what_they_work_on(city):
    case = factories.distortion()
    factories.distortion()
    elsewhere = factories.user("triage")
    elsewhere.districts.add(city.east)

    assert list(likely_for_staff(case, elsewhere)) == []


def test_the_index_of_open_ones_answers(city):
    one = factories.distortion()
    codes = ("graffiti", "pothole", "damaged_sidewalk", "random_structure")
    kinds = [factories.element(code) for code in codes]
    Distortion.objects.bulk_create(
        Distortion(
            number=f"TF-26-{900_000 + n}",
            element=kinds[n % 4],
            district=one.district,
            geometry=(place := crs.point(lon=40.4 + n % 60 / 6000, lat=21.26 + n // 60 / 6000)),
            public_geometry=place,
            severity=1,
            source="resident",
            first_reported_at=timezone.now(),
        )
        for n in range(3600)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE distortions_distortion")

    plan = likely(kinds[0], crs.point(**HERE), by=ANYBODY).explain()

    assert "distortion_same" in plan
    assert "Seq Scan on distortions_distortion" not in plan
