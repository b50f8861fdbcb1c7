"""Files of many kinds, encodings, digits and coordinate systems tell the same."""

import geopandas
import pytest
import shapely
import xlsxwriter
from django.conf import settings
from django.core.management import CommandError
from django.utils import timezone

from gis_app.distortions.models import Distortion, Report
from gis_app.geo import crs
from gis_app.imports.mapping import read_mapping
from tests import factories
from tests.factories import inside
from tests.imports.files import MAPPING, ROW, Run, row, write

pytestmark = pytest.mark.django_db
OWN_SHAPES = MAPPING.replace('crs = "EPSG:4326"\nlon = "lon"\nlat = "lat"\n', "")


def landed() -> Distortion:
    """The one distortion, at its place."""
    found = Distortion.objects.get()
    assert (round(found.geometry.x, 6), round(found.geometry.y, 6)) == (
        round(inside()["lon"], 6),
        round(inside()["lat"], 6),
    )
    return found


def spot() -> shapely.Point:
    return shapely.Point(inside()["lon"], inside()["lat"])


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1256", ";"), ("utf-8", "|")],
)
def test_encoding_and_delimiter_are_found_out(city, tmp_path, encoding, delimiter):
    path = write(
        tmp_path / "a.csv", [row(text="كتابة على الجدار")], encoding=encoding, delimiter=delimiter
    )

    Run(tmp_path, path)

    landed()
    assert Report.objects.get().description == "كتابة على الجدار"


def test_a_workbook_is_read(city, tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Reports")
        for number, values in enumerate([ROW, row(1).values(), row(2).values()]):
            sheet.write_row(number, 0, values)

    run = Run(tmp_path, path)

    assert run.count("Landed") == 2


@pytest.mark.parametrize(
    ("suffix", "system"), [("gpkg", 32637), ("geojson", crs.WGS84), ("shp", 20437)]
)
def test_whatever_gdal_reads_is_read_in_its_own_system(city, tmp_path, suffix, system):
    path = tmp_path / f"a.{suffix}"
    frame = geopandas.GeoDataFrame([row()], geometry=[spot()], crs=crs.WGS84)
    frame.to_crs(system).to_file(path)

    Run(tmp_path, path, map_text=OWN_SHAPES)

    landed()


def test_refused_rows_of_a_layer_tell_their_shapes(city, tmp_path):
    path = tmp_path / "a.gpkg"
    geopandas.GeoDataFrame([row(kind="Flood")], geometry=[spot()], crs=crs.WGS84).to_file(path)

    run = Run(tmp_path, path, map_text=OWN_SHAPES)

    assert shapely.from_wkt(run.refused[0]["WKT"]) == spot()


def test_coordinates_of_another_system_are_moved(city, tmp_path):
    there = geopandas.GeoSeries([spot()], crs=crs.WGS84).to_crs(20437)[0]

    Run(
        tmp_path, [row(lon=f"{there.x:.3f}", lat=f"{there.y:.3f}")],
        changes=[("EPSG:4326", "EPSG:20437")],
    )  # fmt: skip

    found = Distortion.objects.get().geometry
    assert abs(found.x - spot().x) < 1e-6
    assert abs(found.y - spot().y) < 1e-6


def test_places_may_be_drawn_as_wkt(city, tmp_path):
    x, y = spot().x, spot().y
    rows = [
        row(1, kind="Footways", shape=f"LINESTRING ({x} {y}, {x} {y + 0.0005})"),
        row(2, kind="Footways", shape=f"MULTIPOINT (({x} {y}))"),
        row(
            3,
            kind="Graffiti removal",
            shape=f"POLYGON (({x} {y}, {x} {y + 0.0005}, {x + 0.0005} {y}, {x} {y}))",
        ),
        row(4, shape="POINT ("),
        row(5, shape=""),
        row(6, shape=f"CIRCULARSTRING ({x} {y}, {x} {y + 0.1}, {x + 0.1} {y})"),
        row(7, shape="GEOMETRYCOLLECTION (" * 200 + f"POINT ({x} {y})" + ")" * 200),
    ]

    run = Run(tmp_path, rows, changes=[('lon = "lon"\nlat = "lat"', 'wkt = "shape"')])

    kinds = {found.geometry.geom_type for found in Distortion.objects.all()}
    assert kinds == {"LineString", "Point"}
    assert run.reasons == [
        "The shape does not fit the kind of distortion", "Unreadable coordinates", "No coordinates",
        "Unreadable coordinates", "Unreadable coordinates",
    ]  # fmt: skip


def test_arabic_digits_are_read_everywhere(city, tmp_path):
    arabic = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
    facts = {name: ROW[name].translate(arabic) for name in ("id", "lon", "lat")} | {
        name: ROW[name].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        for name in ("opened", "closed")
    }

    Run(tmp_path, [ROW | facts])

    assert landed().first_reported_at.isoformat() == "2024-04-12T06:30:00+00:00"
    assert Report.objects.get().external_number == "18-0001"


@pytest.mark.parametrize(
    ("written", "formats", "zone"),
    [
        ("04/12/2024 02:30:00 AM", '["%m/%d/%Y %I:%M:%S %p"]', "America/New_York"),
        ("12/04/2024 09:30", '["%Y-%m-%d", "%d/%m/%Y %H:%M"]', "Asia/Riyadh"),
        ("١٢/٠٤/٢٠٢٤ ٠٩:٣٠ ص", '["%d/%m/%Y %I:%M %p"]', "Asia/Riyadh"),
        ("2024-04-12T06:30:00Z", "[]", "Asia/Riyadh"),
        ("1445/10/03 09:30", '["hijri"]', "Asia/Riyadh"),
    ],
)
def test_dates_are_read_by_their_formats_and_zone(city, tmp_path, written, formats, zone):
    Run(
        tmp_path, [row(opened=written)],
        changes=[(
            'opened = "opened"',
            f'opened = {{column = "opened", formats = {formats}, zone = "{zone}"}}',
        )],
    )  # fmt: skip

    assert landed().first_reported_at.isoformat() == "2024-04-12T06:30:00+00:00"


def test_elements_are_known_by_code_name_and_alias(city, tmp_path):
    pothole = factories.element("pothole")
    pothole.aliases = ["POTHOLES"]
    pothole.save()
    words = ["pothole", "Potholes", pothole.name_ar, pothole.name_en.upper()]

    Run(tmp_path, [row(number, kind=word) for number, word in enumerate(words, start=1)])

    assert {found.element for found in Distortion.objects.all()} == {pothole}
    assert Distortion.objects.count() == 4


def test_texts_arrive_as_they_were_written(city, tmp_path):
    text = 'A "wall"\\N,\twith\ttabs;\nand a new line'

    Run(tmp_path, [row(text=text)])

    assert Report.objects.get().description == text


def test_a_file_without_a_mapped_column_is_refused(city, tmp_path):
    with pytest.raises(CommandError, match=r"no column “text”\. Its columns: id, kind"):
        Run(tmp_path, [{name: value for name, value in ROW.items() if name != "text"}])


def test_the_documented_mapping_can_be_read():
    told = read_mapping(settings.BASE_DIR / "docs/examples/import_mapping.toml")

    assert {"رقم البلاغ", "التصنيف", "تاريخ الإغلاق", "أقرب معلم"} <= told.columns


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('way = "940"', 'way = "pigeon"', "source.way: “pigeon” is none of"),
        ('way = "940"', "", "[source] lacks “way”"),
        ('"graffiti"', '"poetry"', "no element “poetry” in force"),
        ('"treatment-1"', '"treatment-9"', "no team “treatment-9”"),
        ('"accepted"', '"merged"', "status.values: “merged” is none of"),
        ('crs = "EPSG:4326"', "", "must name the coordinate system"),
        ('crs = "EPSG:4326"', 'crs = "EPSG:1"', "EPSG:1 is not known"),
        ('lat = "lat"', 'latt = "lat"', "[place] has no “latt”"),
        ('opened = "opened"', "", "[moments] lacks “opened”"),
        ('opened = "opened"', 'opened = "opened"\nzone = "Mars"', "zone “Mars” is not known"),
        ("[team]", "[team", "The mapping cannot be read"),
        ('opened = "opened"', 'opened = "opened"\nzone = "Asia"', "zone “Asia” is not known"),
        ('opened = "opened"', 'opened = "opened"\nformats = [5]', "are no formats"),
        ('opened = "opened"', 'opened = "opened"\nformats = "%d%d"', "are no formats"),
        ('opened = "opened"', 'opened = "opened"\nformats = "%Q"', "are no formats"),
        ('opened = "opened"', 'opened = "opened"\naccepted = {}', "must name its column"),
        ('opened = "opened"', 'opened = "opened"\naccepted = 5', "must be a section"),
        ('lat = "lat"', 'lat = "lat"\nplaceholders = [[0]]', "must be pairs of numbers"),
        ('description = "text"', "description = [5]", "must be texts"),
        ("[source]", '[file]\nencoding = "nope"\n[source]', "encoding “nope” is not known"),
        ("[source]", '[file]\ndelimiter = "ab"\n[source]', "must be one character"),
        ("[source]", "file = 5\n[source]", "must be a section"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(city, tmp_path, before, after, told):
    with pytest.raises(CommandError) as refusal:
        Run(tmp_path, [row()], changes=[(before, after)])

    assert told in str(refusal.value)
    assert not Report.objects.exists()


def test_a_moment_is_never_guessed_from_the_clock(city, tmp_path):
    run = Run(tmp_path, [row(closed=f"{timezone.localdate():%d-%m}")])

    assert run.reasons == ["Unreadable date"]
