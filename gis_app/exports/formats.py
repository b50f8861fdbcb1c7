"""The formats in which a layer can be taken away, and what each is good for."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EXCEL_ROWS = 1_048_576  # of a sheet, its head among them
EXCEL_TEXT = 32_767  # characters of a cell


@dataclass(frozen=True, kw_only=True)
class Format:
    """One format; its name is the file's suffix too."""

    name: str
    label: str
    purpose: str | Promise
    content_type: str
    bytes_a_row: int  # of distortions, measured: so that a size can be told beforehand
    is_streamed: bool = False  # straight out of the database, however many rows there are
    most_rows: int | None = None


FORMATS = {
    one.name: one
    for one in (
        Format(
            name="geojson",
            label="GeoJSON",
            purpose=_("For web maps and programs"),
            content_type="application/geo+json",
            bytes_a_row=560,
            is_streamed=True,
        ),
        Format(
            name="csv",
            label="CSV",
            purpose=_("A table as text, for every program"),
            content_type="text/csv; charset=utf-8",
            bytes_a_row=240,
            is_streamed=True,
        ),
        Format(
            name="xlsx",
            label="Excel",
            purpose=_("A table with real dates and numbers"),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            bytes_a_row=160,
            most_rows=EXCEL_ROWS - 1,
        ),
        Format(
            name="gpkg",
            label="GeoPackage",
            purpose=_("For QGIS and ArcGIS"),
            content_type="application/geopackage+sqlite3",
            bytes_a_row=340,
        ),
        Format(
            name="fgb",
            label="FlatGeobuf",
            purpose=_("For maps that read parts of a large file"),
            content_type="application/vnd.flatgeobuf",
            bytes_a_row=320,
        ),
        Format(
            name="parquet",
            label="GeoParquet",
            purpose=_("For analysis: the smallest and the fastest"),
            content_type="application/vnd.apache.parquet",
            bytes_a_row=50,
        ),
    )
}
