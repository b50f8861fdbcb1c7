"""The registers of parks and kiosk sites: everybody reads, planners write."""

import pytest

from tests import factories
from tests.fieldapi.asking import get, problem, put

WEST, SOUTH = factories.inside().values()
GROUND = [
    [WEST, SOUTH],
    [WEST + 0.001, SOUTH],
    [WEST + 0.001, SOUTH + 0.001],
    [WEST, SOUTH + 0.001],
    [WEST, SOUTH],
]


def park(**properties) -> dict:
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [GROUND]},
        "properties": {"name_ar": "حديقة الورد", "amenities": ["shade"], **properties},
    }


def kiosk(status="candidate", **properties) -> dict:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [WEST, SOUTH]},
        "properties": {"name_ar": "موقع الورد", "status": status, **properties},
    }


def test_a_planner_keeps_a_park_and_everybody_reads_it(city, client, planner):
    created = put(planner, "parks/P-1", park(name_en="Rose Garden"))
    changed = put(planner, "parks/P-1", park(name_en="Garden of Roses", kind="garden"))

    assert (created.status_code, changed.status_code) == (201, 200)
    told = get(client, "parks/P-1").json()
    assert told == changed.json() == get(client, "parks").json()["features"][0]
    assert told["geometry"]["type"] == "MultiPolygon"
    assert told["properties"]["name"] == "Garden of Roses"
    assert told["properties"]["district"] == "TAIF-001"
    assert told["properties"]["area_m2"] == pytest.approx(11_490, rel=0.01)


def test_a_code_may_be_written_in_arabic_as_imports_take_it(city, client, planner):
    assert put(planner, "parks/حديقة-1", park()).status_code == 201

    assert get(client, "parks/حديقة-1").json()["id"] == "حديقة-1"


def test_a_kiosk_site_goes_through_its_statuses(city, client, planner):
    assert put(planner, "kiosks/K-1", kiosk()).status_code == 201
    assert (
        put(planner, "kiosks/K-1", kiosk("approved", reason="Meets the rules")).status_code == 200
    )
    leap = put(planner, "kiosks/K-1", kiosk("operating"))

    assert leap.status_code == 422
    assert list(problem(leap)["errors"]) == ["status"]
    assert get(client, "kiosks/K-1").json()["properties"]["status"] == "approved"
    assert len(get(client, "kiosks?status=approved").json()["features"]) == 1


@pytest.mark.parametrize("role", ["resident", "inspector", "crew", "triage", "verifier"])
def test_others_write_no_sites(city, role, request):
    client = request.getfixturevalue(role)

    assert put(client, "parks/P-1", park()).status_code == 403
    assert put(client, "kiosks/K-1", kiosk()).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name_ar": ""}, "name_ar"),
        ({"kind": "castle"}, "kind"),
        ({"amenities": ["dragons"]}, "amenities"),
        ({"amenities": "shade"}, "amenities"),
        ({"is_approximate": "yes"}, "is_approximate"),
        ({"owner": "me"}, "owner"),
    ],
)
def test_a_park_that_cannot_be_is_refused(city, planner, wrong, field):
    answer = put(planner, "parks/P-1", park(**wrong))

    assert answer.status_code == 422
    assert list(problem(answer)["errors"]) == [field]
    assert get(planner, "parks/P-1").status_code == 404


def test_a_park_outside_the_city_is_refused(city, planner):
    ground = [[x - 5, y] for x, y in GROUND]

    answer = put(
        planner, "parks/P-1", park() | {"geometry": {"type": "Polygon", "coordinates": [ground]}}
    )

    assert answer.status_code == 422
    assert list(problem(answer)["errors"]) == ["geometry"]
