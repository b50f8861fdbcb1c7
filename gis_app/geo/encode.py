"""Encode a queryset as GeoJSON, inside PostGIS.

Encoders never filter by meaning: whoever may see a row decided that earlier, in the queryset.
So the API, the pages and the printed map cannot disagree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import orjson
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db import connection
from django.db.models import BooleanField, F, IntegerField, QuerySet

from gis_app.geo import crs
from gis_app.geo.prepared import prepared_cursor

# Text concatenation: json_build_object costs 1.75 times as much, jsonb 4.4 times.
FEATURE = (
    """'{{"type":"Feature","id":' || to_json(p_id)::text || ',"geometry":' """
    """|| coalesce(geojson, 'null') || ',"properties":{{' || {properties} || '}}}}'"""
)
# One feature a line: no line break stands inside JSON that the database writes.
BREAK = b",\n"
PAGE = """
    SELECT convert_to(coalesce(string_agg({feature}, E',\n'), ''), 'UTF8'), count(*){last}
    FROM ({rows}) AS seen
"""
EACH = "SELECT ',' || {feature} FROM ({rows}) AS seen"


@dataclass(frozen=True)
class Page:
    """GeoJSON features joined by commas; *last* is the last one's key when more rows follow."""

    features: bytes
    count: int
    last: tuple | None


@dataclass(frozen=True)
class Statement:
    """The question for a page: its SQL and the values in it."""

    sql: str
    params: tuple
    limit: int | None

    def settled(self, is_open: Callable[[Any], bool]) -> "Statement":
        """Write all values into the SQL but those that are open: what the database knows, it plans for."""
        texts = self.sql.split("%s")
        given = ["%s" if is_open(value) else _written(value) for value in self.params]
        sql = "".join(chain(*zip(texts, [*given, ""], strict=True)))
        return Statement(sql, tuple(filter(is_open, self.params)), self.limit)

    def page(self, *, keeps_plan: bool = False) -> Page:
        """Ask it. Where it *keeps_plan*, that has to be good for all values."""
        with prepared_cursor() if keeps_plan else connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)
            features, count, *last = cursor.fetchone()
        if self.limit is None or count <= self.limit:
            return Page(bytes(features), count, None)
        return Page(features[: features.rindex(BREAK)], self.limit, tuple(last))


def page(rows: QuerySet, **how: Any) -> Page:
    """Encode the first of *rows* as GeoJSON features: see `statement`."""
    return statement(rows, **how).page()


def statement(
    rows: QuerySet,
    *,
    geometry: str,
    properties: Mapping[str, str],
    id: str,
    key: Sequence[str] = (),
    limit: int | None = None,
) -> Statement:
    """Ask for the first *limit* of *rows* as GeoJSON features, lon first, 7 decimals.

    *properties* maps the published names to the queryset's; nothing else is published.
    The *key* of the last is told for a cursor.
    """
    keys = {f"p_key_{part}": F(part) for part in key if limit}
    rows = _published(rows, geometry=geometry, properties=properties, id=id, **keys)
    # One row more than is told: so we know whether any follow.
    sql, params = sql_of(rows[: limit + 1] if limit else rows)
    last = "".join(f', (array_agg("{name}"))[{limit}]' for name in keys)
    return Statement(
        PAGE.format(feature=_feature(rows, properties), last=last, rows=sql), params, limit
    )


def each(
    rows: QuerySet, *, geometry: str, properties: Mapping[str, str], id: str
) -> tuple[str, tuple]:
    """Return SQL, and its parameters, for the same features one a row, each after a comma."""
    rows = _published(rows, geometry=geometry, properties=properties, id=id)
    sql, params = sql_of(rows)
    return EACH.format(feature=_feature(rows, properties), rows=sql), params


def collection(features: bytes, **members: Any) -> bytes:
    """Wrap encoded *features* in a FeatureCollection that has *members* beside them."""
    head = orjson.dumps({"type": "FeatureCollection", **members})
    return b'%b,"features":[%b]}' % (head[:-1], features)


def feature(*, id: str, geometry: str, properties: Mapping[str, Any]) -> bytes:
    """Encode one feature whose *geometry* is GeoJSON already, as `shapes` returns it."""
    return orjson.dumps(
        {
            "type": "Feature",
            "id": id,
            "geometry": orjson.Fragment(geometry),
            "properties": properties,
        }
    )


def shapes(rows: QuerySet, *, geometry: str, id: str) -> dict[str, str]:
    """Return each row's *geometry* as GeoJSON, by its *id*."""
    encoded = AsGeoJSON(geometry, precision=crs.COORDINATE_DIGITS)
    return dict(rows.order_by().annotate(geojson=encoded).values_list(id, "geojson"))


def _written(value: Any) -> str:
    return connection.ops.compose_sql("%s", [value]).replace("%", "%%")  # type: ignore[attr-defined]


def _published(
    rows: QuerySet, *, geometry: str, properties: Mapping[str, str], id: str, **more: F
) -> QuerySet:
    """Select what is told of each row, under names that no column has."""
    names = {f"p_{name}": F(path) for name, path in properties.items()} | {"p_id": F(id)} | more
    geojson = AsGeoJSON(geometry, precision=crs.COORDINATE_DIGITS)
    return rows.annotate(geojson=geojson, **names).values("geojson", *names)


def _feature(rows: QuerySet, properties: Mapping[str, str]) -> str:
    """Return SQL for one of the *rows* that `_published` selects, as text."""
    selected = rows.query.annotation_select
    members = (
        f"""'{"," if position else ""}"{name}":' || {_json(f"p_{name}", selected)}"""
        for position, name in enumerate(properties)
    )
    return FEATURE.format(properties=" || ".join(members) or "''")


def _json(name: str, selected: Mapping[str, Any]) -> str:
    """Return SQL for the JSON text of a selected value."""
    # These are JSON as they stand; a float may be NaN, which is none.
    is_json = isinstance(selected[name].output_field, (BooleanField, IntegerField))
    text = f'"{name}"::text' if is_json else f'to_json("{name}")::text'
    return f"coalesce({text}, 'null')"


def sql_of(rows: QuerySet) -> tuple[str, tuple]:
    """Return the SQL of *rows* and its parameters."""
    # Also of no rows at all, which Django would otherwise not ask the database for.
    sql, params = rows.query.get_compiler(rows.db, elide_empty=False).as_sql()
    return sql, tuple(params)
