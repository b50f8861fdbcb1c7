"""Any file that GDAL reads, in any coordinate system; and every fault by its name."""

import pytest
import shapely
from django.utils import translation

from gis_app.errors import Refused
from gis_app.geo import crs, files
from gis_app.places.reading import DistrictColumns, read_districts
from tests.places.files import NAMES, area, write

COLUMNS = DistrictColumns(name_en="name_en")
BOW_TIE = shapely.Polygon([(40.40, 21.26), (40.41, 21.27), (40.41, 21.26), (40.40, 21.27)])
FLAT = shapely.Polygon([(40.40, 21.26), (40.41, 21.26), (40.40, 21.26)])


def read(path, columns=COLUMNS, **options):
    return read_districts(
        files.read(path, **options), columns, sub_municipalities={"وسط": "centre"}
    )


def fault(tmp_path, columns=COLUMNS, **row) -> str:
    """Write one good row and a bad one; return what is said about the bad one."""
    good = {name: "" for name in row if name not in NAMES} | {"code": "GOOD", "shape": area(1)}
    path = write(tmp_path / "bad.geojson", good, {"code": "BAD", "shape": area()} | row)
    with translation.override("en"):
        reading = read(path, columns)
    assert [found.code for found in reading.things] == ["GOOD"]
    (remark,) = reading.faults
    assert remark.number == 2
    return remark.text


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.shp.zip", "a.fgb", "a.gml"])
@pytest.mark.parametrize("system", [crs.WGS84, crs.UTM_37N, 9357, 3857])
def test_every_format_and_coordinate_system_gives_the_same_district(tmp_path, name, system):
    path = write(tmp_path / name, {"shape": area()}, system=system)

    (found,) = read(path).things

    assert (found.code, found.name_ar, found.name_en) == ("A", "الشهداء", "Ash Shuhada")
    assert found.boundary.equals_exact(shapely.MultiPolygon([area()]), 1e-7, normalize=True)


@pytest.mark.parametrize(("name", "driver"), [("a.geojson", "GeoJSON"), ("a.kml", "LIBKML")])
def test_formats_that_are_always_in_wgs84_are_read(tmp_path, name, driver):
    (found,) = read(write(tmp_path / name, {"shape": area()}, driver=driver)).things

    assert found.name_ar == "الشهداء"
    assert found.boundary.equals(area())


def test_an_old_datum_is_moved_not_relabelled(tmp_path):
    path = write(tmp_path / "a.gpkg", {"shape": area()}, system=20437)

    (found,) = read(path).things

    assert found.boundary.centroid.distance(area().centroid) < 1e-6


def test_an_arabic_shapefile_needs_its_encoding(tmp_path):
    path = write(tmp_path / "a.shp", {"shape": area()}, encoding="cp1256")
    path.with_suffix(".cpg").unlink()

    (misread,) = read(path).faults
    (found,) = read(path, encoding="cp1256").things

    assert "is --encoding right?" in misread.text
    assert found.name_ar == "الشهداء"


def test_a_file_without_a_coordinate_system_is_refused_until_it_is_named(tmp_path):
    path = write(tmp_path / "a.shp", {"shape": area()}, system=crs.UTM_37N)
    path.with_suffix(".prj").unlink()

    with pytest.raises(Refused, match="--crs"):
        read(path)
    (found,) = read(path, system="EPSG:32637").things

    assert found.boundary.centroid.distance(area().centroid) < 1e-6


def test_a_file_with_several_layers_needs_a_name(tmp_path):
    path = tmp_path / "two.gpkg"
    for layer in ("districts", "roads"):
        write(path, {"shape": area()}, layer=layer)

    with pytest.raises(Refused, match="districts, roads"):
        read(path)
    assert len(read(path, layer="districts").things) == 1


def test_what_is_no_vector_file_is_refused(tmp_path):
    path = tmp_path / "words.geojson"
    path.write_text("not a file of areas")

    with pytest.raises(Refused, match="cannot be read"):
        read(path)
    with pytest.raises(Refused, match="cannot be read"):
        read(tmp_path / "missing.gpkg")


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path):
    path = write(tmp_path / "a.geojson", {"shape": area()})

    with pytest.raises(Refused, match=r"no column “id”.*code, name_ar, name_en"):
        read(path, DistrictColumns(code="id"))


def test_numbers_serve_as_codes_without_decimals(tmp_path):
    rows = [{"code": 3318, "shape": area()}, {"code": None, "shape": area(1)}]

    reading = read(write(tmp_path / "a.gpkg", *rows))

    assert [found.code for found in reading.things] == ["3318"]
    assert reading.faults[0].text == "the code is missing"


def test_the_height_of_a_corner_is_dropped(tmp_path):
    path = write(tmp_path / "a.gpkg", {"shape": shapely.force_3d(area(), 1700)})

    assert not read(path).things[0].boundary.has_z


def test_an_invalid_ring_is_repaired_and_said(tmp_path):
    reading = read(write(tmp_path / "a.geojson", {"shape": BOW_TIE}))

    assert reading.things[0].boundary.is_valid
    assert len(reading.things[0].boundary.geoms) == 2
    assert str(reading.repairs[0]) == "row 1 (A): an invalid ring was repaired"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"code": ""}, "the code is missing"),
        ({"code": "A/B"}, "a code has at most 32 letters"),
        ({"name_ar": "Ash Shuhada"}, "has no Arabic letter"),
        ({"name_ar": ""}, "has no Arabic letter"),
        ({"name_ar": "ش" * 121}, "At most 120 characters."),
        ({"name_en": "bell \x07"}, "Control characters are not allowed."),
        ({"shape": None}, "empty or cannot be read"),
        ({"shape": shapely.Polygon()}, "empty or cannot be read"),
        ({"shape": shapely.Point(40.4, 21.2)}, "a Point does not serve here"),
        ({"shape": FLAT}, "has no area"),
        ({"shape": shapely.box(400, 21, 401, 22)}, "outside the world"),
    ],
)
def test_a_bad_row_is_named_with_its_reason(tmp_path, row, said):
    assert said in fault(tmp_path, **row)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("kind", "planet", "the kind “planet” is not known"),
        ("population", "-5", "the population “-5” is no whole number"),
        ("population", "12.5", "is no whole number"),
        ("sub_municipality", "غيرها", "the sub-municipality “غيرها” is not known"),
    ],
)
def test_a_bad_value_is_named(tmp_path, column, value, said):
    columns = DistrictColumns(**{column: column})

    assert said in fault(tmp_path, columns, **{column: value})


def test_values_as_people_write_them_are_understood(tmp_path):
    columns = DistrictColumns(
        kind="kind", population="population", sub_municipality="sub_municipality"
    )
    told = {"kind": "قرية", "population": "١٢٬٥٠٠", "sub_municipality": "وسط"}

    (found,) = read(write(tmp_path / "a.geojson", {"shape": area(), **told}), columns).things

    assert (found.kind, found.population, found.sub_municipality) == ("village", 12_500, "centre")


def test_a_code_that_several_rows_have_is_refused_in_all_of_them(tmp_path):
    reading = read(write(tmp_path / "a.geojson", {"shape": area()}, {"shape": area(1)}))

    assert reading.things == []
    assert [str(remark) for remark in reading.faults] == [
        "row 1 (A): 2 rows have this code",
        "row 2 (A): 2 rows have this code",
    ]
