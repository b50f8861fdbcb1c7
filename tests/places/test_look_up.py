"""Which district a place belongs to: the rule by examples, then against shapely."""

import json
import random

import pytest
import shapely
from django.conf import settings
from django.contrib.gis.geos import LineString, Polygon
from django.db import transaction
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis_app.geo import crs
from gis_app.places import coverage
from gis_app.places.models import Amana, District, DistrictVersion
from gis_app.places.queries import DistrictOf
from tests import factories
from tests.factories import inside, square

GRID = 0.001  # degrees: about 104 m east, 111 m north


@pytest.fixture
def ground(db):
    """The first and the third square of a row: between them a gap of about 1 km."""
    for code, column in (("A", 0), ("C", 2)):
        factories.district(code, column=column)
    return factories.amana()


def code_of(geometry) -> str | None:
    district = District.objects.containing(geometry)
    return district and district.code


def at(column, **shares):
    return crs.point(**inside(column, **shares))


def line(*places) -> LineString:
    return LineString(*[(place["lon"], place["lat"]) for place in places], srid=crs.WGS84)


def test_a_point_belongs_to_the_district_that_covers_it(city):
    assert code_of(at(0)) == "TAIF-001"
    assert code_of(at(1)) == "TAIF-002"


def test_a_point_on_a_border_or_a_corner_belongs_to_the_lowest_code(city):
    factories.district("TAIF-000", boundary=square(1, row=1))

    assert code_of(at(1, east=0)) == "TAIF-001"
    assert code_of(at(2, east=0, north=1)) == "TAIF-000"


def test_a_point_in_an_overlap_belongs_to_the_lowest_code(city):
    factories.district("TAIF-000", boundary=square(1, side=factories.SIDE / 2))

    assert code_of(at(1, east=0.25, north=0.25)) == "TAIF-000"
    assert code_of(at(1, east=0.75, north=0.75)) == "TAIF-002"


def test_a_point_in_a_gap_belongs_to_the_nearest_district_within_the_distance(ground):
    assert code_of(at(1, east=0.2)) == "A"
    assert code_of(at(1, east=0.8)) == "C"


def test_a_point_in_a_gap_beyond_the_distance_is_outside(ground):
    assert code_of(at(1, east=0.5)) is None

    Amana.objects.update(gap_metres=600)

    assert code_of(at(1, east=0.5)) == "A"


def test_a_point_near_a_district_but_outside_the_outline_is_outside(ground):
    assert code_of(at(0, north=1.01)) is None


def test_only_the_boundary_in_force_counts(city):
    DistrictVersion.objects.filter(district__code="TAIF-003").update(valid_to="2020-01-01")

    assert code_of(at(2)) is None


def test_a_line_belongs_where_its_longest_part_is(city):
    assert code_of(line(inside(0, east=0.8), inside(1, east=0.5))) == "TAIF-002"
    assert code_of(line(inside(0, east=0.3), inside(1, east=0.5))) == "TAIF-001"


def test_a_line_along_a_border_belongs_to_the_lowest_code(city):
    assert code_of(line(inside(1, east=0, north=0.2), inside(1, east=0, north=0.8))) == "TAIF-001"


def test_a_polygon_belongs_where_its_largest_part_is(city):
    west, middle = inside(0, east=0.9), inside(1, east=0.3)

    box = Polygon.from_bbox((west["lon"], west["lat"], middle["lon"], west["lat"] + 0.001))
    box.srid = crs.WGS84

    assert code_of(box) == "TAIF-002"


def test_a_line_that_touches_no_district_is_treated_as_a_point(ground):
    assert code_of(line(inside(1, east=0.05), inside(1, east=0.15))) == "A"
    assert code_of(line(inside(1, east=0.4), inside(1, east=0.6))) is None


def test_a_look_up_is_one_query(city, django_assert_num_queries):
    with django_assert_num_queries(1):
        District.objects.containing(at(1))


def test_described_tells_today_in_one_query(city, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = {district.code: district for district in District.objects.described()}

    west = found["TAIF-001"]
    assert west.name == "حي TAIF-001"
    assert west.sub_municipality_code == "taif-centre"
    assert west.area_km2 == pytest.approx(1.149, abs=0.001)
    assert west.boundary.contains(west.label_point)


RECTANGLES = st.lists(
    st.tuples(*[st.integers(0, 9)] * 2, *[st.integers(1, 6)] * 2), min_size=1, max_size=6
)
PLACES = st.lists(st.tuples(*[st.integers(-2, 32)] * 2), min_size=5, max_size=20)


@hypothesis_settings(
    derandomize=True,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rectangles=RECTANGLES, places=PLACES)
def test_any_rectangles_with_borders_overlaps_and_gaps(db, rectangles, places):
    """Corners lie on a grid and places on half of it, so that many fall on borders."""
    shapes = {
        f"R{number}": shapely.box(*(_on_grid(x, y)), *(_on_grid(x + width, y + height)))
        for number, (x, y, width, height) in enumerate(rectangles)
    }
    spots = [shapely.Point(_on_grid(x / 2, y / 2)) for x, y in places]
    outline = coverage.outline(shapes, gap_metres=250)
    with transaction.atomic():
        _store(shapes, outline)

        found = [code_of(crs.stored(spot.wkb)) for spot in spots]

        transaction.set_rollback(True)
    for spot, code in zip(spots, found, strict=True):
        assert code == _expected(spot, shapes, outline)


def _on_grid(x: float, y: float) -> tuple[float, float]:
    return round(factories.WEST + x * GRID, 7), round(factories.SOUTH + y * GRID, 7)


def _store(shapes, outline) -> None:
    amana = factories.amana()
    Amana.objects.filter(pk=amana.pk).update(outline=crs.stored(outline.wkb))
    for code, shape in shapes.items():
        factories.district(code, boundary=crs.stored(shapely.MultiPolygon([shape]).wkb))


def _expected(spot, shapes, outline) -> str | None:
    covering = [code for code, shape in shapes.items() if shape.covers(spot)]
    if covering:
        return min(covering)
    if not outline.intersects(spot):
        return None
    # The reckoning on the flat is good to a few centimetres: nearer to a tie, nothing is proved.
    metres = sorted((_metres(spot, shape), code) for code, shape in shapes.items())
    assume(all(abs(distance - 250) > 1 for distance, _code in metres))
    (nearest, code), *others = metres
    assume(not any(0.001 < other - nearest < 1 for other, _code in others))
    ties = [code, *(other_code for other, other_code in others if other - nearest <= 0.001)]
    return min(ties) if nearest <= 250 else None


def _metres(spot, shape) -> float:
    near, far = shapely.shortest_line(spot, shape).coords
    east = (near[0] - far[0]) * 103_800  # at 21.26° N
    north = (near[1] - far[1]) * 110_730
    return (east**2 + north**2) ** 0.5


@pytest.fixture
def own_districts(db):
    """The project's own districts, as shapely sees them."""
    text = (settings.BASE_DIR / "fixtures/districts.geojson").read_text(encoding="utf-8")
    shapes = {
        row["properties"]["code"]: shapely.geometry.shape(row["geometry"])
        for row in json.loads(text)["features"]
    }
    _store(shapes, coverage.outline(shapes, gap_metres=250))
    return shapes


def test_a_thousand_places_in_the_own_districts_are_where_shapely_says(own_districts):
    west, south, east, north = shapely.total_bounds(list(own_districts.values()))
    chance = random.Random(1448)
    spots = [
        shapely.Point(chance.uniform(west, east), chance.uniform(south, north)) for _ in range(1000)
    ]
    expected = [
        min((code for code, shape in own_districts.items() if shape.covers(spot)), default=None)
        for spot in spots
    ]

    found = [code_of(crs.stored(spot.wkb)) for spot in spots]

    assert found == expected
    assert sum(code is not None for code in found) > 500


def test_bulk_work_follows_the_same_rule(city):
    report = factories.report(**inside(1))

    rows = type(report).objects.annotate(there=DistrictOf("geometry"))

    assert rows.get().there == city.middle.pk
