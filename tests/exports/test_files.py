"""Files in Arrow's batches: read back with what people read them with, they equal the feed."""

import json

import pandas
import pyarrow.parquet
import pytest
from django.contrib.auth.models import AnonymousUser
from shapely.geometry import shape

from gis_app.distortions.status import PUBLIC, Status
from gis_app.exports import arrow
from gis_app.geo import crs
from gis_app.geo.filters import RIYADH
from gis_app.layers import LAYERS
from gis_app.sites.models import Park
from tests import factories
from tests.exports.reading import BINARY, fed, frame, taken

# Arrow reads on a line of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)
MOMENTS = ("_at", "_until")


def told(value):
    """A value as the feed has it; moments to the millisecond, which every format keeps."""
    if pandas.isna(value):
        return None
    return moment(value) if hasattr(value, "strftime") else value


def moment(value):
    return pandas.Timestamp(value).round("ms").strftime("%Y-%m-%dT%H:%M:%S.%f")


def fact(name, value):
    """A property of the feed as a table has it."""
    if name.endswith(MOMENTS) and value:
        return moment(value)
    return ",".join(value) if isinstance(value, list) else value


@pytest.fixture
def full_city(city):
    """Distortions in every status, with places of every kind and a park."""
    factories.element("street_vendor", is_private=True)
    for column, status in enumerate(Status.values):
        factories.distortion(status, **factories.inside(column % 3), quantity=1.5)
    line = crs.stored(
        shape({"type": "LineString", "coordinates": [(40.401, 21.262), (40.402, 21.263)]}).wkb
    )
    factories.distortion("accepted", code="damaged_sidewalk", geometry=line)
    factories.distortion("accepted", code="street_vendor", **factories.inside(east=0.123))
    return city


@pytest.mark.parametrize("format", BINARY)
def test_rows_and_values_equal_the_feed(full_city, client, triage, tmp_path, format):
    for reader in (client, triage):
        feed = fed(reader, "distortions")

        rows = frame(taken(reader, f"/exports/distortions.{format}"), format, tmp_path)

        assert set(rows["number"]) == set(feed)
        for row in rows.to_dict("records"):
            one = feed[row["number"]]
            same(row, one, format)


def same(row: dict, one: dict, format: str) -> None:
    """Hold a row of a table against its feature in the feed."""
    for name, value in one["properties"].items():
        if format == "xlsx" and name.endswith(MOMENTS):
            assert (told(row[name]) is None) == (value is None)  # by the city's clock: see below
        else:
            assert told(row[name]) == fact(name, value), name
    place = shape(one["geometry"])
    if format != "xlsx":
        assert row["geometry"].equals_exact(place, 1e-7)
    elif place.geom_type == "Point":
        assert (row["lon"], row["lat"]) == pytest.approx(place.coords[0])
    else:
        assert row["wkt"].startswith("LINESTRING(40.401 21.262")


@pytest.mark.parametrize("format", BINARY)
def test_the_public_gets_no_more_than_it_may_see(full_city, client, tmp_path, format):
    rows = frame(taken(client, f"/exports/distortions.{format}"), format, tmp_path)

    assert set(rows["status"]) == {*PUBLIC}
    exact = factories.Distortion.objects.get(element__code="street_vendor").geometry
    (private,) = rows[rows["element"] == "street_vendor"].to_dict("records")
    lon = private["lon"] if format == "xlsx" else private["geometry"].x
    assert abs(lon - exact.x) > 1e-4


@pytest.mark.parametrize("format", BINARY)
def test_every_layer_and_an_empty_one_can_be_written(city, client, tmp_path, format):
    for name in LAYERS:
        rows = frame(taken(client, f"/exports/{name}.{format}"), format, tmp_path)

        assert len(rows) == LAYERS[name].rows(AnonymousUser(), {}).count()


def test_areas_and_lists_are_there_too(city, client, tmp_path):
    Park.objects.create(
        code="P1", district=city.west, name_ar="=حديقة", boundary=factories.square(side=0.001),
        amenities=["shade", "water"],
    )  # fmt: skip
    (feed,) = fed(client, "parks").values()

    for format in BINARY:
        (row,) = frame(taken(client, f"/exports/parks.{format}"), format, tmp_path).to_dict(
            "records"
        )

        assert (row["amenities"], row["name"]) == ("shade,water", "=حديقة")
        if format != "xlsx":
            assert row["geometry"].equals_exact(shape(feed["geometry"]), 1e-7)


def test_a_sheet_has_real_dates_by_the_citys_clock(city, client, tmp_path):
    found = factories.distortion("accepted")

    (row,) = frame(taken(client, "/exports/distortions.xlsx"), "xlsx", tmp_path).to_dict("records")

    here = found.first_reported_at.astimezone(RIYADH)
    assert abs(row["first_reported_at"].to_pydatetime() - here.replace(tzinfo=None)).seconds <= 1


def test_a_sheet_tells_on_which_day_something_happened(city, client, tmp_path):
    factories.distortion("accepted")

    rows = frame(taken(client, "/exports/steps.xlsx"), "xlsx", tmp_path)

    days = {one["properties"]["day"] for one in fed(client, "steps").values()}
    assert {day.date().isoformat() for day in rows["day"]} == days != set()


def test_a_text_that_is_too_long_for_a_cell_is_left_out_whole(city, client, tmp_path, monkeypatch):
    monkeypatch.setattr(arrow, "EXCEL_TEXT", 60)

    rows = frame(taken(client, "/exports/districts.xlsx"), "xlsx", tmp_path)

    assert rows["wkt"].isna().all()
    assert rows["code"].notna().all()


def test_geoparquet_says_what_it_is(full_city, client, tmp_path):
    (tmp_path / "file").write_bytes(taken(client, "/exports/distortions.parquet"))

    about = json.loads(pyarrow.parquet.read_schema(tmp_path / "file").metadata[b"geo"])

    column = about["columns"]["geometry"]
    assert (about["version"], about["primary_column"]) == ("1.1.0", "geometry")
    assert column["geometry_types"] == ["LineString", "Point"]
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 4326}
    west, south, east, north = column["bbox"]
    assert 40.40 < west < east < 40.43
    assert 21.26 < south < north < 21.27
