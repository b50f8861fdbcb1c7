"""Clusters for the map: gathered by the cells of a grid, each row once, as the list counts it."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser

from gis_app import tiles
from gis_app.cells import ledger
from gis_app.cells.area import Area
from gis_app.distortions.status import Status
from gis_app.geo import crs
from gis_app.layers import LAYERS
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db
CITY = "40.3,21.2,40.5,21.3"
ANYBODY = AnonymousUser()


def ask(by, *, bbox: str = CITY, **question) -> list[dict]:
    answer = by.get("/map/clusters.json", {"bbox": bbox, **question})
    assert answer.status_code == 200, answer.content
    return answer.json()["clusters"]


def counted(clusters: list[dict]) -> int:
    return sum(cluster["count"] for cluster in clusters)


def test_clusters_gather_by_zoom_and_filter(city, client):
    for column in (0, 0, 2):
        factories.distortion("accepted", **inside(column))
    factories.distortion("verified")

    far = ask(client, zoom=8)
    near = ask(client, zoom=18, status="accepted")

    assert [cluster["count"] for cluster in far] == [4]
    assert far[0]["kinds"] == {"accepted": 3, "verified": 1}
    assert sorted(cluster["count"] for cluster in near) == [1, 2]
    alone = next(cluster for cluster in near if cluster["count"] == 1)
    assert (alone["status"], alone["element_name"]) == ("accepted", "الكتابات والملصقات المشوهة")


@pytest.mark.parametrize("is_folded", [True, False])
@pytest.mark.parametrize("zoom", [5, 12, 19])
def test_clusters_hold_every_row_once(city, client, zoom, is_folded):
    for column in range(3):
        for status in Status.values:
            factories.distortion(status, **inside(column))
    if is_folded:
        ledger.fold()

    found = ask(client, zoom=zoom)

    assert counted(found) == LAYERS["distortions"].rows(ANYBODY, {}).count()
    assert all("number" in cluster for cluster in found if cluster["count"] == 1)
    assert all(sum(cluster["kinds"].values()) == cluster["count"] for cluster in found)


def test_a_box_counts_what_the_list_counts_in_its_cells(city, client):
    for column in range(3):
        for east in (0.2, 0.5, 0.8):
            factories.distortion("accepted", **inside(column, east=east))
    area = Area.of_box(crs.box(40.401, 21.262, 40.412, 21.268), level=16, most=64)
    cells = ",".join(map(str, area.box.extent))

    found = ask(client, bbox="40.401,21.262,40.412,21.268", zoom=15)

    assert counted(found) == LAYERS["distortions"].rows(ANYBODY, {"bbox": cells}).count() > 0


@pytest.mark.parametrize(
    "question", [{"element": "pothole"}, {"status": "verified"}, {"district": "TAIF-002"}]
)
def test_kept_cells_and_rows_gather_alike(city, client, question, monkeypatch):
    for column in range(3):
        for status in ("accepted", "verified"):
            factories.distortion(status, code="pothole", **inside(column))
            factories.distortion(status, **inside(column))

    kept = ask(client, zoom=13, **question)
    monkeypatch.setattr(tiles, "OF_THE_CELLS", set())
    from_rows = ask(client, zoom=13, **question)

    assert kept == from_rows
    assert counted(kept) == LAYERS["distortions"].rows(ANYBODY, question).count()


def test_clusters_of_a_large_box_stay_few(city, client):
    for north in (0.5, 0.501):
        factories.distortion("accepted", **inside(north=north))

    found = ask(client, bbox="40,21,41,22", zoom=19)

    assert [cluster["count"] for cluster in found] == [2]


def test_what_stands_alone_is_where_its_reader_may_know_it_to_be(city, client, triage):
    factories.element("street_vendor", is_private=True)
    found = factories.distortion("accepted", code="street_vendor")
    exact, coarse = found.geometry, found.public_geometry

    (seen,) = ask(client, zoom=19)
    (by_staff,) = ask(triage, zoom=19)

    assert (seen["lon"], seen["lat"]) == pytest.approx((coarse.x, coarse.y), abs=1e-6)
    assert (by_staff["lon"], by_staff["lat"]) == pytest.approx((exact.x, exact.y), abs=1e-6)
    assert seen["number"] == by_staff["number"] == found.number


def test_what_the_list_hides_moves_no_cluster(city, client):
    factories.distortion("accepted")
    before = ask(client, zoom=12)

    factories.distortion("rejected", **inside(0, east=0.52))

    assert ask(client, zoom=12) == before


def test_a_question_beyond_the_cells_is_counted_up_to_a_bound_and_says_so(
    city, client, monkeypatch
):
    monkeypatch.setattr(tiles, "MOST_ROWS", 2)
    for _ in range(4):
        factories.distortion("accepted")

    whole, part = (
        client.get("/map/clusters.json", {"bbox": CITY, **question}).json()
        for question in ({}, {"district": "TAIF-001"})
    )

    assert (counted(whole["clusters"]), whole["capped"]) == (4, False)
    assert (counted(part["clusters"]), part["capped"]) == (3, True)


def test_without_a_box_the_whole_city_is_gathered(city, client):
    factories.distortion("accepted")

    found = json.loads(client.get("/map/clusters.json").content)["clusters"]

    assert counted(found) == 1


@pytest.mark.parametrize("question", ["zoom=x", "bbox=1", "status=lost", "other=1"])
def test_a_question_that_cannot_be_read_is_400(city, client, question):
    answer = client.get(f"/map/clusters.json?{question}", headers={"accept": "application/json"})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_the_number_of_queries_does_not_grow(city, client, django_assert_max_num_queries):
    for column in range(3):
        for status in ("verified", "accepted"):
            factories.distortion(status, **inside(column, north=0.3))
    for question in ({}, {"element": "graffiti", "status": "accepted"}, {"district": "TAIF-001"}):
        with django_assert_max_num_queries(10):
            ask(client, zoom=18, **question)
