"""Counts by cell for tiles and clusters: from what is kept, or from any rows, in the same shape."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import GeoFunc
from django.db import connection
from django.db.models import F, FloatField, QuerySet

from gis_app.cells.area import Area
from gis_app.cells.models import ALL, FINEST
from gis_app.geo import crs, mvt
from gis_app.geo.encode import sql_of

WORLD = 2**32  # steps along a side of the world
FINER = 12  # a cell of the finest level has 2^12 of them
# Column by column (x = ANY), so that the index passes over nothing between them; but not status by
# status (IS TRUE hides that from the planner): it would read each column once for each of them.
KEPT = f"""
    SELECT x, y, status, count, sum_x, sum_y, sum_pk, 0 AS met FROM cells_cell
    WHERE level = %s AND element = ANY(%s) AND (status = ANY(%s)) IS TRUE
        AND x = ANY(%s) AND y BETWEEN %s AND %s
    UNION ALL
    SELECT x >> %s, y >> %s, status, count, sum_x, sum_y, sum_pk, 0 FROM cells_delta
    WHERE (element = ANY(%s) OR {ALL} = ANY(%s)) AND status = ANY(%s)
        AND x >> %s BETWEEN %s AND %s AND y >> %s BETWEEN %s AND %s
"""
# Rows are chosen by the boxes around them, which an index knows, and only then by their middles.
COUNTED = """
    SELECT (world.x >> %s)::int AS x, (world.y >> %s)::int AS y, kind AS status,
           1 AS count, world.x AS sum_x, world.y AS sum_y, one AS sum_pk, met
    FROM (SELECT *, row_number() OVER () AS met FROM ({rows}) AS chosen OFFSET 0) AS seen,
         rasd_world(lon, lat) AS world
    WHERE world.x >> %s BETWEEN %s AND %s AND world.y >> %s BETWEEN %s AND %s
"""
# Sums of places as floats: of whole numbers PostgreSQL would make decimals, which take ten times
# as long. They are exact up to a millimetre.
CLUSTERS = """
    SELECT sum(sum_x) / sum(count), sum(sum_y) / sum(count), sum(count),
           json_object_agg(status, count), sum(sum_pk), max(met)
    FROM (
        SELECT x, y, status, sum(count) AS count, sum(sum_x::float) AS sum_x,
               sum(sum_y::float) AS sum_y, sum(sum_pk) AS sum_pk, max(met) AS met
        FROM ({counts}) AS counts GROUP BY x, y, status HAVING sum(count) > 0
    ) AS by_status
    GROUP BY x, y ORDER BY 3 DESC
"""
TILE = f"""
    SELECT ST_AsMVT(cell, %s, {mvt.EXTENT}, 'geom'), coalesce(sum(total), 0)::int, max(met)
    FROM (
        SELECT sum(count) AS total, max(met) AS met, sum(sum_x::float) / sum(count) AS mean_x,
               sum(sum_y::float) / sum(count) AS mean_y, {{sums}}
        FROM ({{counts}}) AS counts GROUP BY x, y HAVING sum(count) > 0
    ) AS summed,
    LATERAL (
        SELECT ST_MakePoint(floor((mean_x - %s) * {mvt.EXTENT} / %s),
                            floor((mean_y - %s) * {mvt.EXTENT} / %s)) AS geom, {{names}}
        OFFSET 0
    ) AS cell
"""


@dataclass(frozen=True)
class Counts:
    """SQL of what each cell of an area holds of each status: count and sums of places and keys.

    Of rows it counts *most* at most, and `met` tells whether there were more; what is kept has no
    such bound.
    """

    area: Area
    sql: str
    params: tuple[Any, ...]
    most: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it counts all there is, however many."""
        return self.most is None

    def is_part(self, met: int | None) -> bool:
        """Whether not all was counted, when so many rows were *met*."""
        return self.most is not None and (met or 0) > self.most


def kept(area: Area, *, elements: Iterable[int], statuses: Iterable[str]) -> Counts:
    """Return the kept counts of *elements*, by their keys; of all when none is named."""
    chosen, seen = list(elements) or [ALL], list(statuses)
    columns = list(range(area.columns[0], area.columns[1] + 1))
    finer = FINEST - area.level
    return Counts(
        area,
        KEPT,
        (
            *(area.level, chosen, seen, columns, *area.rows),
            *(finer, finer, chosen, chosen, seen, finer, *area.columns, finer, *area.rows),
        ),
    )


def counted(rows: QuerySet, area: Area, *, status: str, most: int) -> Counts:
    """Return the counts of *rows*, by their `shape` and *status*; of some *most* where there are more."""
    touching = rows.order_by().filter(shape__bboverlaps=area.box)
    told = touching.annotate(lon=_Lon("shape"), lat=_Lat("shape"), kind=F(status), one=F("pk"))
    sql, params = sql_of(told.values("lon", "lat", "kind", "one")[: most + 1])
    coarser = FINER + FINEST - area.level
    inside = (coarser, *area.columns, coarser, *area.rows)
    return Counts(area, COUNTED.format(rows=sql), (coarser, coarser, *params, *inside), most)


def clusters(counts: Counts) -> tuple[list[dict[str, Any]], bool]:
    """Return the cells, the fullest first, and whether there are more distortions than counted.

    Each has lon, lat (the mean), count, kinds ({status: count}) and pk, which only means
    something where the count is 1.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLUSTERS.format(counts=counts.sql), counts.params)
        found = cursor.fetchall()
    told = []
    for x, y, count, kinds, pk, _met in found:
        lon, lat = crs.from_world(x / WORLD, y / WORLD)
        place = {"lon": round(lon, 6), "lat": round(lat, 6)}
        told.append(place | {"count": int(count), "kinds": kinds, "pk": int(pk)})
    return told, counts.is_part(max((row[-1] for row in found), default=0))


def total(counts: Counts) -> tuple[int, bool]:
    """Return how many the cells hold together, and whether there are more than counted."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum(count), max(met) FROM ({counts.sql}) AS counts", counts.params)
        found, met = cursor.fetchone()
    return found or 0, counts.is_part(met)


def tile(
    counts: Counts, address: mvt.Address, *, name: str, groups: Mapping[str, Iterable[str]]
) -> mvt.Encoded:
    """Encode the cells as a layer of points, each at the mean place of what it counts.

    *groups* are its properties: how many are in any of those statuses.
    """
    width = WORLD / 2**address.z
    sums = ", ".join(
        f"coalesce(sum(count) FILTER (WHERE status = ANY(%s)), 0)::int AS {group}"
        for group in groups
    )
    sql = TILE.format(counts=counts.sql, sums=sums, names=", ".join(groups))
    corner = (address.x * width, width, address.y * width, width)
    with connection.cursor() as cursor:
        cursor.execute(sql, (name, *map(list, groups.values()), *counts.params, *corner))
        body, shown, met = cursor.fetchone()
    return mvt.Encoded(bytes(body), shown, is_capped=counts.is_part(met))


class _Lon(GeoFunc):
    template = "ST_X(ST_Centroid(%(expressions)s))"
    output_field = FloatField()


class _Lat(GeoFunc):
    template = "ST_Y(ST_Centroid(%(expressions)s))"
    output_field = FloatField()
