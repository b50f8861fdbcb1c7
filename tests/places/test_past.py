"""A city whose borders moved: a past day is told and drawn within the borders of that day."""

import json

import pytest
from shapely import MultiPolygon, box

from gis_app.catalogue.formula_actions import load_formulas
from gis_app.places.models import DistrictVersion
from gis_app.places.reading import DistrictRow
from gis_app.sites.actions import redraw_city
from tests import factories
from tests.factories import SIDE, SOUTH, WEST, inside
from tests.progress.weighing import FORMULA

pytestmark = pytest.mark.django_db
THEN = "as_of=2026-03-01"


def drawn(code: str, west: float, east: float) -> DistrictRow:
    """A row of a file of boundaries: from one share of the first square's side to another."""
    edges = [round(WEST + share * SIDE, 7) for share in (west, east)]
    boundary = MultiPolygon([box(edges[0], SOUTH, edges[1], round(SOUTH + SIDE, 7))])
    return DistrictRow(code, f"حي {code}", None, None, None, None, boundary)


@pytest.fixture
def moved(city, clock):
    """On the first of March the east half of the first district is its own, the day after its neighbour's."""
    found = factories.distortion("accepted", **inside(0, east=0.75))
    clock.at(2)
    rows = [drawn("TAIF-001", 0, 0.5), drawn("TAIF-002", 0.5, 2), drawn("TAIF-003", 2, 3)]
    redraw_city(
        rows=rows, amana=city.amana, valid_from=clock.now.date(), by=factories.staff("planner")
    )
    found.refresh_from_db()
    assert found.district.code == "TAIF-002"
    return found


def told(client, question: str = "") -> dict:
    features = client.get(f"/api/v1/districts/progress?{question}").json()["features"]
    return {feature["id"]: feature for feature in features}


def east_of(feature: dict) -> float:
    return max(lon for lon, _lat in feature["geometry"]["coordinates"][0][0])


def test_progress_tells_the_area_and_the_shape_of_that_day(moved, client):
    now, then = told(client), told(client, THEN)

    assert (now["TAIF-001"]["properties"]["total"], then["TAIF-001"]["properties"]["total"]) == (
        0,
        1,
    )
    halves = then["TAIF-001"]["properties"]["area_km2"] / now["TAIF-001"]["properties"]["area_km2"]
    assert halves == pytest.approx(2, rel=1e-3)
    assert east_of(then["TAIF-001"]) - east_of(now["TAIF-001"]) == pytest.approx(SIDE / 2, abs=1e-6)


def test_before_the_first_day_that_is_known_a_district_lies_where_it_lay_first(moved, client):
    assert (
        told(client, "as_of=2017-01-01")["TAIF-001"]["geometry"]
        == (told(client, THEN)["TAIF-001"]["geometry"])
    )


def test_a_district_that_is_no_more_still_had_its_numbers(moved, client, planner, clock):
    DistrictVersion.objects.filter(district__code="TAIF-002", valid_to=None).update(
        valid_to="2026-03-03"
    )
    clock.at(4)

    assert told(client, "as_of=2026-03-02")["TAIF-002"]["properties"]["total"] == 1
    assert "TAIF-002" not in told(client)
    load_formulas([FORMULA])
    for page in ("/", "/districts/", "/districts/TAIF-002/", "/planner/", "/planner/index/"):
        assert "TAIF-002" in planner.get(f"{page}?as_of=2026-03-02").content.decode()
    assert planner.get("/districts/TAIF-002/").status_code == 404


@pytest.mark.parametrize("page", ["/", "/planner/"])
def test_the_map_draws_and_names_them_as_they_were(moved, planner, page):
    html = planner.get(f"{page}?{THEN}").content.decode()
    assert f"&amp;{THEN}" in html.split('data-layers="')[1].split('"')[0]

    then = planner.get(f"/map/districts.json?lang=ar&{THEN}").json()["features"]
    now = planner.get("/map/districts.json?lang=ar").json()["features"]

    assert east_of(then[0]) > east_of(now[0])
    labels = [planner.get(f"{page}?{question}").context["labels"] for question in (THEN, "")]
    assert labels[0]["TAIF-001"][1] > labels[1]["TAIF-001"][1]
    json.dumps(labels)


def test_the_index_divides_by_the_area_of_that_day(moved, planner):
    load_formulas([FORMULA])

    areas = [
        {
            row.code: row.area_km2
            for row in planner.get(f"/planner/index/?{day}").context["districts"]
        }
        for day in (THEN, "")
    ]

    assert areas[0]["TAIF-001"] == pytest.approx(2 * areas[1]["TAIF-001"], rel=1e-3)


@pytest.mark.parametrize("day", ["2026-03-09", "yesterday"])
def test_a_day_that_cannot_be_drawn_is_refused(moved, client, day):
    assert client.get(f"/map/districts.json?as_of={day}").status_code == 400
