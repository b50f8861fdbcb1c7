"""The kept counts: fold what triggers noted into the cells, make them anew, or check them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from gis_app.cells.models import ALL, COARSEST, FINEST

KEY = "level, element, x, y, status"
SUMS = "count, sum_x, sum_y, sum_pk"
SUMMED = "sum(count), sum(sum_x), sum(sum_y), sum(sum_pk)"
IS_ANYTHING = f"({SUMMED}) <> (0, 0, 0, 0)"
# One at a time; who only adds to the queue never waits.
IN_TURN = "SELECT pg_try_advisory_xact_lock(hashtextextended('cells', 0))"
FOLD = f"""
    WITH taken AS (DELETE FROM cells_delta RETURNING *),
    folded AS (
        INSERT INTO cells_cell AS kept ({KEY}, {SUMS})
        SELECT level, seen_as.element, x >> ({FINEST} - level), y >> ({FINEST} - level), status,
               {SUMMED}
        FROM taken, generate_series({COARSEST}, {FINEST}) AS level,
             LATERAL (VALUES (taken.element), ({ALL})) AS seen_as (element)
        GROUP BY 1, 2, 3, 4, 5
        HAVING {IS_ANYTHING}
        ON CONFLICT ({KEY}) DO UPDATE SET
            count = kept.count + excluded.count, sum_x = kept.sum_x + excluded.sum_x,
            sum_y = kept.sum_y + excluded.sum_y, sum_pk = kept.sum_pk + excluded.sum_pk
        RETURNING kept.*
    )
    SELECT {KEY} FROM folded WHERE count = 0
"""
EMPTIED = f"DELETE FROM cells_cell WHERE ({KEY}) = (%s, %s, %s, %s, %s)"
# The distortions themselves, as cells of the finest level.
RECOUNT = f"""
    SELECT {FINEST} AS level, element_id::int AS element, (world.x >> 12)::int AS x,
           (world.y >> 12)::int AS y, status, count(*) AS count,
           sum(world.x) AS sum_x, sum(world.y) AS sum_y, sum(id) AS sum_pk
    FROM (SELECT id, element_id, status, ST_Centroid(public_geometry) AS place
          FROM distortions_distortion OFFSET 0) AS placed,
         rasd_world(ST_X(place), ST_Y(place)) AS world
    GROUP BY 2, 3, 4, 5
"""
KEEP = f"INSERT INTO cells_cell ({KEY}, {SUMS})"
TOGETHER = f"""
    SELECT level, {ALL}, x, y, status, {SUMMED} FROM cells_cell
    WHERE level = {FINEST} AND element <> {ALL} GROUP BY 1, 3, 4, 5 ORDER BY 3, 4, 5
"""
COARSER = f"""
    SELECT level - 1, element, x >> 1, y >> 1, status, {SUMMED} FROM cells_cell
    WHERE level = %s GROUP BY 1, 2, 3, 4, 5 ORDER BY 2, 3, 4, 5
"""
# Each compares two ways to the same counts, with one look at the database.
DIFFERENCES = (
    # The rows, beside the finest cells and what is not folded yet
    f"""SELECT {KEY}, {SUMS} FROM ({RECOUNT}) AS truth
        UNION ALL
        SELECT {KEY}, -count, -sum_x, -sum_y, -sum_pk FROM cells_cell
        WHERE level = {FINEST} AND element <> {ALL}
        UNION ALL
        SELECT {FINEST}, element, x, y, status, -count, -sum_x, -sum_y, -sum_pk FROM cells_delta""",
    # Element by element, beside all together
    f"""SELECT level, {ALL} AS element, x, y, status, {SUMS} FROM cells_cell
        WHERE level = {FINEST} AND element <> {ALL}
        UNION ALL
        SELECT {KEY}, -count, -sum_x, -sum_y, -sum_pk FROM cells_cell
        WHERE level = {FINEST} AND element = {ALL}""",
    # Each level, beside the next finer one
    f"""SELECT {KEY}, {SUMS} FROM cells_cell WHERE level < {FINEST}
        UNION ALL
        SELECT level - 1, element, x >> 1, y >> 1, status, -count, -sum_x, -sum_y, -sum_pk
        FROM cells_cell WHERE level > {COARSEST}""",
)
TRIGGERS = ("cells_insert", "cells_update", "cells_delete")


@transaction.atomic
def fold() -> None:
    """Put what was noted into the cells of every level; nothing when another fold is at it."""
    with connection.cursor() as cursor:
        cursor.execute(IN_TURN)
        if cursor.fetchone()[0]:
            cursor.execute(FOLD)
            cursor.executemany(EMPTIED, cursor.fetchall())


@transaction.atomic
def rebuild() -> None:
    """Make every cell anew from the distortions. Until it ends, changes and tiles wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE distortions_distortion IN SHARE MODE")
        cursor.execute("TRUNCATE cells_cell, cells_delta")
        cursor.execute(f"{KEEP} {RECOUNT} ORDER BY 2, 3, 4, 5")
        cursor.execute(f"{KEEP} {TOGETHER}")
        for level in range(FINEST, COARSEST, -1):
            cursor.execute(f"{KEEP} {COARSER}", [level])
        cursor.execute("ANALYZE cells_cell")


def check() -> int:
    """Return how many cells are not what a recount gives; 0 when all is right."""
    found = 0
    with connection.cursor() as cursor:
        for both in DIFFERENCES:
            cursor.execute(
                f"SELECT count(*) FROM (SELECT FROM ({both}) AS compared"
                f" GROUP BY {KEY} HAVING {IS_ANYTHING}) AS differing"
            )
            found += cursor.fetchone()[0]
    return found


@contextmanager
def bulk() -> Iterator[None]:
    """Load more than some 50,000 distortions without noting each: the cells are made at the end.

    Nobody else changes distortions meanwhile: they wait for the end of the transaction.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for name in TRIGGERS:
            cursor.execute(f"ALTER TABLE distortions_distortion DISABLE TRIGGER {name}")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while checks wait
        for name in TRIGGERS:
            cursor.execute(f"ALTER TABLE distortions_distortion ENABLE TRIGGER {name}")
        rebuild()
