"""GeoJSON and CSV straight out of the database: the feed's rows, its values, its visibility."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg.errors import DivisionByZero

from gis_app.distortions.status import PUBLIC, Status
from gis_app.exports import streams
from gis_app.layers import LAYERS
from tests import factories
from tests.exports.reading import features, fed, leave, taken

pytestmark = pytest.mark.django_db


def table(client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(taken(client, address).decode("utf-8-sig"))))


def test_geojson_has_the_features_of_the_feed(city, client):
    for column, status in enumerate(Status.values):
        factories.distortion(status, **factories.inside(column % 3))

    assert features(client, "/exports/distortions.geojson") == fed(client, "distortions")
    assert features(client, "/exports/districts.geojson") == fed(client, "districts")


def test_filters_narrow_a_file_as_they_narrow_the_list(city, client):
    factories.distortion("accepted")
    factories.distortion("accepted", code="pothole")
    asked = "element=pothole&status=accepted,treated"

    found = features(client, f"/exports/distortions.geojson?{asked}")

    assert found == fed(client, "distortions", asked)
    assert [one["properties"]["element"] for one in found.values()] == ["pothole"]
    twice = "/exports/distortions.geojson?element=pothole&element=graffiti"
    assert len(features(client, twice)) == 2


def test_a_file_of_nothing_is_a_whole_file(city, client):
    assert features(client, "/exports/parks.geojson") == {}
    assert table(client, "/exports/distortions.csv?status=verified") == []


def test_csv_has_the_feeds_values_and_the_place_as_numbers(city, client):
    factories.distortion("verified", description="كتابة على جدار")
    (fact,) = fed(client, "distortions").values()

    (row,) = table(client, "/exports/distortions.csv")

    told = fact["properties"]
    assert set(row) == {*told, "lon", "lat", "wkt"}
    assert (row["element_name"], row["late"], row["due_at"]) == (
        told["element_name"], "false", told["due_at"],
    )  # fmt: skip
    assert [float(row["lon"]), float(row["lat"])] == fact["geometry"]["coordinates"]
    assert row["wkt"] == ""


def test_lines_and_areas_have_their_course_in_words_and_a_point_that_lies_on_them(city, client):
    row = table(client, "/exports/districts.csv")[0]

    assert row["wkt"].startswith("MULTIPOLYGON(((40.4")
    assert 40.40 < float(row["lon"]) < 40.43


def test_excel_knows_the_arabic_of_a_csv_by_its_first_bytes(city, client):
    assert taken(client, "/exports/districts.csv").startswith(b"\xef\xbb\xbfcode,name,")


@pytest.mark.parametrize("name", ["=1+1", "+966", "-5", "@SUM(A1)", "\t=1", "\n=1"])
def test_no_cell_is_a_formula(city, client, name):
    factories.District.objects.filter(code="TAIF-001").update(name_ar=name)

    row = next(row for row in table(client, "/exports/districts.csv") if row["code"] == "TAIF-001")

    assert row["name"] == f"'{name}"
    assert features(client, "/exports/districts.geojson")["TAIF-001"]["properties"]["name"] == name


@pytest.mark.parametrize("format", ["geojson", "csv"])
def test_the_public_gets_what_the_public_sees(city, client, triage, format):
    factories.element("street_vendor", is_private=True)
    found = {status: factories.distortion(status).number for status in Status.values}
    private = factories.distortion("accepted", code="street_vendor", **factories.inside(east=0.123))

    public, whole = (
        taken(reader, f"/exports/distortions.{format}").decode() for reader in (client, triage)
    )

    assert all((number in public) == (status in PUBLIC) for status, number in found.items())
    assert all(number in whole for number in found.values())
    exact = str(private.geometry.x)
    assert exact in whole
    assert exact not in public


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_can_be_taken_away(city, client, layer):
    assert b'"FeatureCollection"' in taken(client, f"/exports/{layer}.geojson")
    assert taken(client, f"/exports/{layer}.csv").startswith(streams.BOM)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/exports/nothing.geojson", 404),
        ("/exports/distortions.shp", 404),
        ("/exports/distortions.geojson?unknown=1", 400),
        ("/exports/distortions.csv?status=gone", 400),
        ("/exports/distortions.csv?team=treatment-1", 400),
        ("/exports/nothing/", 404),
        ("/exports/distortions/?unknown=1", 400),
    ],
)
def test_what_cannot_be_read_is_refused(city, client, address, status):
    assert client.get(address).status_code == status


def test_a_file_says_what_it_is_and_is_kept_by_nobody(city, client):
    got = client.get("/exports/parks.csv")
    leave(got)

    for answer in (got, client.head("/exports/parks.csv")):
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer["Content-Disposition"].startswith('attachment; filename="rasd-parks-20')
        assert answer["Cache-Control"] == "private, no-store"


def test_any_number_of_rows_takes_the_same_few_queries(city, client):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            taken(client, "/exports/distortions.geojson")
        return len(queries)

    asked()  # the first of an hour sweeps what was counted long ago
    few = asked()
    for _ in range(5):
        factories.distortion()

    assert asked() == few <= 10


def test_blocks_begin_and_end_anywhere(city, client, monkeypatch):
    monkeypatch.setattr(streams, "BLOCK_BYTES", 300)
    for _ in range(5):
        factories.distortion()

    assert features(client, "/exports/distortions.geojson") == fed(client, "distortions")


def test_who_goes_away_frees_her_place_and_the_connection(city, client, monkeypatch, settings):
    monkeypatch.setattr(streams, "BLOCK_BYTES", 300)
    for _ in range(5):
        factories.distortion()

    for _ in range(settings.RASD_EXPORT_STREAMS + 1):
        answer = client.get("/exports/distortions.geojson")
        next(answer.streaming_content)
        leave(answer)

    assert len(features(client, "/exports/distortions.geojson")) == 5


def test_only_some_are_sent_at_once_and_the_next_is_told_when(city, client, settings):
    on_their_way = [
        client.get("/exports/districts.csv") for _ in range(settings.RASD_EXPORT_STREAMS)
    ]

    refused = client.get("/exports/districts.csv")
    for answer in on_their_way:
        leave(answer)

    assert (refused.status_code, refused["Retry-After"]) == (503, str(streams.TRY_AGAIN))
    assert taken(client, "/exports/districts.csv")


def test_one_client_takes_only_so_many_in_an_hour(city, client, settings):
    settings.RASD_EXPORTS_PER_HOUR = 1

    first, second = (client.get("/exports/districts.csv") for _ in range(2))
    leave(first)

    assert second.status_code == 429
    assert int(second["Retry-After"]) > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("format", ["geojson", "csv"])
def test_a_file_that_broke_off_does_not_look_whole(city, client, monkeypatch, format):
    for _ in range(3):
        factories.distortion()
    broken = "SELECT 1 / (3 - n) FROM generate_series(1, 5) AS n"
    monkeypatch.setattr(streams.table, "texts", lambda *args, **how: (broken, ()))
    monkeypatch.setattr(streams.encode, "each", lambda *args, **how: (broken, ()))
    answer = client.get(f"/exports/distortions.{format}")
    got = []

    with pytest.raises(DivisionByZero):
        got.extend(answer.streaming_content)

    ending = b"".join(got)
    assert streams.CUT_OFF in ending if format == "csv" else not ending.endswith(b"]}\n")
