"""Vector tiles: what they count is what the list counts, for the same reader and the same question."""

import math
from datetime import timedelta

import pyogrio
import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import LineString
from django.db import connection
from django.utils import timezone

from gis_app import tiles
from gis_app.cells import ledger
from gis_app.distortions.models import Distortion
from gis_app.distortions.status import OPEN, Status
from gis_app.geo import crs
from gis_app.layers import LAYERS
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()
WHOLE_CITY, STREET = 10, 16
FEW, MANY_IN_A_SPOT = 3, 20_000


def address(z: int, *, lon: float = 40.405, lat: float = 21.265) -> str:
    """The address of the tile of that zoom in the middle of the first district."""
    x, y = (math.floor(share * 2**z) for share in crs.to_world(lon=lon, lat=lat))
    return f"{z}/{x}/{y}"


@pytest.fixture
def look(tmp_path, client):
    """Ask for a tile and read it with GDAL: {layer: [properties]}."""

    def read(at: str, layer: str = "distortions", by=client, **question) -> dict[str, list[dict]]:
        answer = by.get(f"/tiles/{layer}/{at}.mvt", question)
        if answer.status_code == 204:
            return {}
        assert answer.status_code == 200, answer.content
        file = tmp_path / f"{at}.mvt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(answer.content)
        return {
            name: pyogrio.read_dataframe(file, layer=name, use_arrow=False).to_dict("records")
            for name, _kind in pyogrio.list_layers(file)
        }

    return read


def total(cells: list[dict]) -> int:
    names = set(tiles.GROUPS)
    return sum(int(cell[name]) for cell in cells for name in names & cell.keys())


def listed(user=ANYBODY, **params) -> int:
    return LAYERS["distortions"].rows(user, params).count()


def copy_many(one: Distortion) -> None:
    fields = [field for field in Distortion._meta.concrete_fields if not field.generated]
    columns = [field.column for field in fields if field.column not in ("id", "number")]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO distortions_distortion (number, {', '.join(columns)}) "
            f"SELECT 'TF-26-9' || n, {', '.join(columns)} "
            f"FROM distortions_distortion, generate_series(1, {MANY_IN_A_SPOT}) AS n WHERE id = %s",
            [one.pk],
        )


@pytest.mark.parametrize("is_folded", [True, False])
def test_a_tile_of_cells_counts_what_the_list_counts(city, look, is_folded):
    for column in (0, 0, 2):
        for status in Status.values:
            factories.distortion(status, **inside(column))
    if is_folded:
        ledger.fold()

    cells = look(address(WHOLE_CITY))["cells"]

    assert total(cells) == listed()
    for group in ("reported", "open", "treated", "verified"):
        statuses = ",".join(tiles.GROUPS[group])
        assert sum(cell[group] for cell in cells) == listed(status=statuses)
        asked = look(address(WHOLE_CITY), status=statuses)["cells"]
        assert total(asked) == listed(status=statuses)


def test_filters_of_the_cells_and_of_the_rows_agree_with_the_list(city, look):
    for status in ("accepted", "verified"):
        factories.distortion(status, code="pothole", **inside(1))
        factories.distortion(status)
    Distortion.objects.filter(status="accepted").update(due_at=timezone.now() - timedelta(1))

    for question in (
        {"element": "pothole"},
        {"element": "pothole", "status": "verified"},
        {"district": "TAIF-002"},
        {"late": "true"},
        {"late": "true", "element": "graffiti"},
    ):
        assert total(look(address(WHOLE_CITY), **question)["cells"]) == listed(**question)


def test_each_reader_counts_what_she_may_see(city, look, triage, crew):
    for status in ("accepted", "assigned", "rejected", "referred", "merged"):
        factories.distortion(status)

    for browser in (triage, crew):
        cells = look(address(WHOLE_CITY), by=browser)["cells"]
        if browser is triage:
            assert total(cells) == Distortion.objects.count()
        else:
            assert sum(cell["open"] for cell in cells) == listed(crew.user, status=",".join(OPEN))
            assert "rejected" not in cells[0]


def test_what_the_list_hides_moves_nothing_that_a_tile_shows(city, client):
    factories.distortion("accepted")
    before = [client.get(f"/tiles/distortions/{address(z)}.mvt").content for z in (10, 15, 17)]

    for status in ("rejected", "referred"):
        factories.distortion(status, **inside(0, east=0.501))

    after = [client.get(f"/tiles/distortions/{address(z)}.mvt").content for z in (10, 15, 17)]
    assert after == before


def test_deep_tiles_hold_each_distortion(city, look):
    found = factories.distortion("accepted")
    hidden = factories.distortion("rejected")
    first_seen = timezone.now() - timedelta(days=5, hours=1)
    Distortion.objects.filter(pk=found.pk).update(
        first_reported_at=first_seen, due_at=timezone.now() - timedelta(hours=1)
    )

    (feature,) = look(address(STREET))["distortions"]

    assert feature["mvt_id"] == found.pk != hidden.pk
    assert feature["element"] == found.element_id
    assert feature["status"] == Status.values.index("accepted") + 1
    assert (feature["days"], bool(feature["late"])) == (5, True)
    assert set(feature) == {"mvt_id", "element", "status", "days", "late", "geometry"}


@pytest.mark.parametrize("zoom", [15, 16])
def test_a_private_place_is_shown_by_its_coarse_one_but_to_those_who_go_there(
    city, look, triage, zoom
):
    factories.element("street_vendor", is_private=True)
    found = factories.distortion("accepted", code="street_vendor", **inside(0, east=0.9))
    exact, coarse = found.geometry, found.public_geometry
    exactly, coarsely = (address(zoom, lon=at.x, lat=at.y) for at in (exact, coarse))

    seen = look(coarsely)

    assert len(next(iter(seen.values()))) == 1
    if exactly != coarsely:
        assert look(exactly) == {}
    if zoom == STREET:
        assert look(exactly, by=triage)["distortions"][0]["mvt_id"] == found.pk


def test_a_line_is_a_line_in_a_deep_tile(city, look):
    line = LineString((40.401, 21.262), (40.4015, 21.2625), srid=crs.WGS84)
    factories.distortion("accepted", code="damaged_sidewalk", geometry=line)

    (feature,) = look(address(STREET, lon=40.4012, lat=21.2622))["distortions"]

    assert feature["geometry"].geom_type == "LineString"


@pytest.mark.parametrize("layer", ["districts", "parks", "kiosks", "streets"])
@pytest.mark.parametrize("zoom", [0, WHOLE_CITY, STREET])
def test_the_ground_has_tiles_too(city, look, layer, zoom):
    found = look(address(zoom), layer=layer)

    if layer == "districts" and zoom > 0:
        assert {"code", "name_ar", "name_en"} < set(found["districts"][0])


def test_where_too_many_are_they_are_counted_by_cells_and_the_tile_says_so(
    city, look, client, monkeypatch
):
    monkeypatch.setattr(tiles, "MOST_FEATURES", FEW)
    for _ in range(FEW):
        factories.distortion("accepted")
    assert len(look(address(STREET))["distortions"]) == FEW
    factories.distortion("verified")

    for question in ({}, {"district": "TAIF-001"}):
        found = look(address(STREET), **question)
        assert total(found["cells"]) == FEW + 1
        (about,) = found["about"]
        assert (about["capped"], about["count"], about["whole"]) == (True, FEW + 1, True)
    answer = client.get(f"/tiles/distortions/{address(STREET)}.mvt")
    assert answer["Rasd-Capped"] == f"count={FEW + 1}"


def test_a_question_beyond_the_cells_is_counted_up_to_a_bound_and_says_so(city, look, monkeypatch):
    monkeypatch.setattr(tiles, "MOST_ROWS", FEW)
    for _ in range(FEW + 2):
        factories.distortion("accepted")

    found = look(address(WHOLE_CITY), district="TAIF-001")

    assert total(found["cells"]) == found["about"][0]["count"] == FEW + 1
    assert not found["about"][0]["whole"]
    assert "about" not in look(address(WHOLE_CITY))


def test_twenty_thousand_at_one_spot_are_still_a_small_tile(
    city, client, django_assert_max_num_queries
):
    copy_many(factories.distortion("accepted"))

    for zoom in (0, WHOLE_CITY, 15, STREET, 19):
        with django_assert_max_num_queries(10):
            answer = client.get(f"/tiles/distortions/{address(zoom)}.mvt")
        assert len(answer.content) <= 200_000
        assert ("Rasd-Capped" in answer) == (zoom >= STREET)


@pytest.mark.parametrize("at", ["10/1024/0", "10/0/1024", "20/1/1", "0/0/1"])
def test_what_lies_beyond_the_world_is_not_found(city, client, at):
    assert client.get(f"/tiles/distortions/{at}.mvt").status_code == 404


@pytest.mark.parametrize("path", ["/tiles/nothing.json", "/tiles/nothing/0/0/0.mvt"])
def test_an_unknown_layer_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("question", ["other=1", "status=lost", "element=lost", "district=lost"])
@pytest.mark.parametrize("path", ["/tiles/distortions.json", "/tiles/distortions/10/0/0.mvt"])
def test_a_question_that_cannot_be_read_is_400(city, client, path, question):
    answer = client.get(f"{path}?{question}", headers={"accept": "application/json"})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_where_nothing_is_a_tile_has_no_content(city, client):
    assert client.get("/tiles/distortions/10/0/0.mvt").status_code == 204
    assert client.get("/tiles/kiosks/10/0/0.mvt").status_code == 204


def test_what_staff_see_is_kept_by_nobody(city, client, triage):
    path = f"/tiles/distortions/{address(WHOLE_CITY)}.mvt"

    assert client.get(path)["Cache-Control"] == "public, max-age=60"
    assert triage.get(path)["Cache-Control"] == "private, no-cache"
    assert "Cookie" in client.get(path)["Vary"]


def test_a_tile_is_compressed_where_the_reader_can(city, client):
    factories.distortion()

    plain = client.get(f"/tiles/distortions/{address(10)}.mvt")
    packed = client.get(
        f"/tiles/distortions/{address(10)}.mvt", headers={"accept-encoding": "gzip"}
    )

    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
