"""Encode a queryset as a flat table, inside PostGIS: a property in each column, then the place.

Like encode.py it never filters by meaning: whoever may see a row decided that earlier.
"""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.gis.db.models.functions import AsWKB, GeoFunc
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Field, QuerySet

from gis_app.geo import crs

# What a spreadsheet would take for a formula begins with = + - @ or a break; an apostrophe
# before it says that it is text. By its code: a regular expression costs ten times as much.
DISARMED = "CASE WHEN ascii({0}) IN (9, 10, 13, 43, 45, 61, 64) THEN '''' || {0} ELSE {0} END"
LIST = "array_to_string({0}, ',')"
AS_TEXT: Mapping[type[Field], str] = {
    models.BooleanField: "{0}::text",
    models.DateTimeField: "trim(both '\"' FROM to_json({0})::text)",  # as the feed writes them
    ArrayField: DISARMED.format(LIST),
    models.CharField: DISARMED,
    models.TextField: DISARMED,
}
AS_VALUE: dict[type[Field], str] = {
    ArrayField: LIST,
    models.DecimalField: "{0}::float8",
}
# A sheet knows no time zones: the city's clock.
IN_A_SHEET = AS_VALUE | {models.DateTimeField: f"{{0}} AT TIME ZONE '{settings.TIME_ZONE}'"}
GEOMETRY = "geometry"
_ROUNDED = f"round({{}}::numeric, {crs.COORDINATE_DIGITS})::float8"


class _Lon(GeoFunc):
    """Degrees of longitude of a point, or of some point on a line or a polygon."""

    output_field = models.FloatField()
    template = _ROUNDED.format("ST_X(ST_PointOnSurface(%(expressions)s))")


class _Lat(GeoFunc):
    """Degrees of latitude of the same point."""

    output_field = models.FloatField()
    template = _ROUNDED.format("ST_Y(ST_PointOnSurface(%(expressions)s))")


class _Shape(GeoFunc):
    """The course of a line, the outline of a polygon; of a point nothing: its lon and lat say all."""

    output_field = models.TextField()
    template = (
        "CASE WHEN ST_Dimension(%(expressions)s) > 0 "
        f"THEN ST_AsText(%(expressions)s, {crs.COORDINATE_DIGITS}) END"
    )


Question = tuple[str, tuple]  # SQL and its parameters


def texts(rows: QuerySet, *, geometry: str, properties: Mapping[str, str]) -> Question:
    """Select *rows* for a text file: moments as ISO 8601, nothing that could be a formula."""
    return _select(rows, properties, _as_numbers(geometry), AS_TEXT)


def sheet(rows: QuerySet, *, geometry: str, properties: Mapping[str, str]) -> Question:
    """Select *rows* for a workbook: typed values, moments by the city's clock, then the place as in `texts`."""
    return _select(rows, properties, _as_numbers(geometry), IN_A_SHEET)


def features(rows: QuerySet, *, geometry: str, properties: Mapping[str, str]) -> Question:
    """Select *rows* for a file of features: typed values, then `geometry` as WKB in EPSG:4326."""
    return _select(rows, properties, {GEOMETRY: AsWKB(geometry)}, AS_VALUE)


def _as_numbers(geometry: str) -> dict[str, GeoFunc]:
    return {"lon": _Lon(geometry), "lat": _Lat(geometry), "wkt": _Shape(geometry)}


def _select(
    rows: QuerySet,
    properties: Mapping[str, str],
    place: Mapping[str, GeoFunc],
    ways: Mapping[type[Field], str],
) -> Question:
    named = {f"p_{name}": F(path) for name, path in properties.items()}
    placed = {f"g_{name}": function for name, function in place.items()}
    rows = rows.annotate(**named, **placed).values(*named, *placed)
    types = rows.query.annotation_select
    columns = [
        f'{_way(types[f"p_{name}"].output_field, ways).format(f"p_{name}")} AS "{name}"'
        for name in properties
    ]
    columns += [f'g_{name} AS "{name}"' for name in place]
    # Also of no rows at all, which Django would otherwise not ask the database for.
    sql, params = rows.query.get_compiler(rows.db, elide_empty=False).as_sql()
    return f"SELECT {', '.join(columns)} FROM ({sql}) AS seen", tuple(params)


def _way(field: Field, ways: Mapping[type[Field], str]) -> str:
    return next((way for kind, way in ways.items() if isinstance(field, kind)), "{0}")
