"""Mapbox vector tiles (specification 2.1), encoded inside PostGIS around a queryset's own SQL."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import GeoFunc
from django.contrib.gis.geos import Polygon
from django.db import connection
from django.db.models import F, QuerySet, TextField

from gis_app.geo import crs
from gis_app.geo.encode import sql_of

EXTENT = 4096  # steps along a side of a tile
SEAM = 64  # so many steps further lines and areas are drawn, so that no edge is seen
MOST_BYTES = 200_000
FEATURES = f"""
    SELECT ST_AsMVT(feature, %s, {EXTENT}, 'geom', 'id') FILTER (WHERE position <= %s), count(*)
    FROM (SELECT *, row_number() OVER () AS position FROM ({{rows}}) AS asked) AS numbered,
         LATERAL (SELECT geom, key AS id{{properties}} OFFSET 0) AS feature
"""
ABOUT = f"""
    SELECT ST_AsMVT(about, 'about', {EXTENT}, 'geom') FROM (
        SELECT ST_MakePoint({EXTENT} / 2, {EXTENT} / 2) AS geom,
               true AS capped, %s::int AS count, %s AS whole
    ) AS about
"""


@dataclass(frozen=True)
class Address:
    """Which tile: its zoom, its column from the west and its row from the north."""

    z: int
    x: int
    y: int

    @property
    def is_in_world(self) -> bool:
        return 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z

    @property
    def box(self) -> Polygon:
        return crs.tile_box(self.z, self.x, self.y)


@dataclass(frozen=True)
class Encoded:
    """A tile, how many things it tells of, and whether there are more than it tells of."""

    body: bytes
    shown: int
    is_capped: bool = False


def features(
    rows: QuerySet,
    address: Address,
    *,
    name: str,
    geometry: str,
    properties: Mapping[str, Any],
    most: int,
) -> Encoded:
    """Encode the *rows* that touch the tile as a layer: *most* at most, and MOST_BYTES.

    *properties* maps published names to expressions; nothing else is published but the key, as
    the feature's id. Courses and outlines have no more corners than can be told apart.
    """
    names = {f"p_{name}": expression for name, expression in properties.items()}
    found = (
        rows.order_by()
        .filter(**{f"{geometry}__bboverlaps": address.box})
        .annotate(geom=_in_tile(geometry, address), key=F("pk"), **names)
        .values("geom", "key", *names)[: most + 1]
    )
    body, count = _encode(found, name, properties, most)
    while len(body) > MOST_BYTES:
        most = min(most, count) // 2
        body, _count = _encode(found, name, properties, most)
    return Encoded(body, min(most, count), is_capped=count > most)


def about(*, count: int, is_whole: bool) -> bytes:
    """Encode a layer `about`: one point that says that there is too much to show each thing.

    *count* is how many things the tile tells of in some way, *is_whole* whether these are all.
    Layers are joined as bytes.
    """
    with connection.cursor() as cursor:
        cursor.execute(ABOUT, [count, is_whole])
        return bytes(cursor.fetchone()[0])


def _in_tile(geometry: str, address: Address) -> GeoFunc:
    """Return *geometry* in steps of the tile, without corners nearer than a quarter of a pixel."""
    z, x, y = address.z, address.x, address.y
    return _InTile(geometry, z=z, x=x, y=y, degrees=360 / 2**z / 1024)


class _InTile(GeoFunc):
    # Simplified first: then there is less to transform.
    template = (
        "ST_AsMVTGeom(ST_Transform(ST_Simplify(%(expressions)s, %(degrees)s, true), %(srid)s),"
        " ST_TileEnvelope(%(z)s, %(x)s, %(y)s), %(extent)s, %(seam)s, true)"
    )
    # Not a GeometryField: Django would cast the column to bytea, which ST_AsMVT rejects.
    output_field = TextField()

    def __init__(self, geometry: str, **where):
        super().__init__(geometry, srid=crs.WEB_MERCATOR, extent=EXTENT, seam=SEAM, **where)


def _encode(rows: QuerySet, name: str, properties: Iterable[str], most: int) -> tuple[bytes, int]:
    """Return the first *most* of *rows* as a layer, and how many rows there are."""
    sql, params = sql_of(rows)
    told = "".join(f', p_{name} AS "{name}"' for name in properties)
    with connection.cursor() as cursor:
        cursor.execute(FEATURES.format(rows=sql, properties=told), [name, most, *params])
        body, count = cursor.fetchone()
    return bytes(body or b""), count
