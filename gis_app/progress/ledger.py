"""The ledger: what the database counted is folded into balances, and can be counted anew.

Whoever writes steps only appends to the queue (`Delta`), so nobody waits for anybody. Readers add
the queue to the balances: an answer is right the moment a step is committed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from gis_app.progress.measures import AMOUNTS, COUNTS
from gis_app.progress.models import Coming, Delta, DistrictBalance, TeamBalance

Bar = Callable[[Sequence[int]], Iterable[int]]  # such as tqdm
KEYS: dict[type[DistrictBalance] | type[TeamBalance], str] = {
    DistrictBalance: "district_id",
    TeamBalance: "team_id",
}

# The arrays of a balance: of some entries, empty, and a balance's own with all that came so far.
ARRAYS = {"counts": ("count", COUNTS, "integer"), "amounts": ("amount", AMOUNTS, "bigint")}


def pivot(counts: Sequence[str] = COUNTS, amounts: Sequence[str] = AMOUNTS) -> str:
    """Return the SQL of a balance's arrays, made of entries; with the first measures alone, if so."""
    wanted = {"counts": counts, "amounts": amounts}
    return ", ".join(
        "ARRAY[{}] AS {}".format(
            ", ".join(
                f"coalesce(sum({column}) FILTER (WHERE measure = '{name}'), 0)::{kind}"
                for name in wanted[array]
            ),
            array,
        )
        for array, (column, _names, kind) in ARRAYS.items()
    )


NOTHING = ", ".join(
    f"array_fill(0::{kind}, ARRAY[{len(names)}])" for _column, names, kind in ARRAYS.values()
)
SO_FAR = ", ".join(
    "ARRAY[{}] AS {}".format(
        ", ".join(
            f"balance.{array}[{place}]"
            f" + coalesce(sum(added.{array}[{place}]) OVER so_far, 0)::{kind}"
            for place in range(1, len(names) + 1)
        ),
        array,
    )
    for array, (_column, names, kind) in ARRAYS.items()
)
FORGET = """
    INSERT INTO progress_folded AS so_far (id, deltas) SELECT 1, 1 + count(*) FROM progress_delta
    ON CONFLICT (id) DO UPDATE SET deltas = so_far.deltas + excluded.deltas
"""
TAKEN = """
    CREATE TEMPORARY TABLE taken (
        day date, district_id bigint, element_id bigint, team_id bigint,
        measure text, count bigint, amount bigint
    ) ON COMMIT DROP
"""
# Of a day to come only what becomes late is taken: a clock that is ahead writes steps of tomorrow,
# and those wait in the queue.
RIPE = "day <= %s OR measure = 'late'"
TAKE = f"""
    WITH gone AS (DELETE FROM progress_delta WHERE {RIPE} RETURNING *),
    noted AS (
        INSERT INTO progress_folded AS so_far (id, deltas) SELECT 1, count(*) FROM gone
        ON CONFLICT (id) DO UPDATE SET deltas = so_far.deltas + excluded.deltas
    ),
    come AS (DELETE FROM progress_coming WHERE day <= %s RETURNING *)
    INSERT INTO taken
    SELECT day, district_id, element_id, team_id, measure, sum(count), sum(amount)
    FROM (
        SELECT day, district_id, element_id, team_id, measure, count, amount FROM gone
        UNION ALL
        SELECT day, district_id, element_id, team_id, 'late', count, 0 FROM come
    ) AS entry
    GROUP BY 1, 2, 3, 4, 5
"""
KEEP = """
    INSERT INTO progress_coming AS kept (day, district_id, element_id, team_id, count)
    SELECT day, district_id, element_id, team_id, sum(count) FROM taken
    WHERE day > %s AND measure = 'late'
    GROUP BY 1, 2, 3, 4 HAVING sum(count) <> 0
    ON CONFLICT (day, district_id, element_id, team_id)
    DO UPDATE SET count = kept.count + excluded.count
"""
QUEUE = """
    INSERT INTO progress_delta (day, district_id, element_id, team_id, measure, count, amount)
    SELECT day, district_id, element_id, team_id, measure, count, amount FROM taken
    WHERE day > %s AND measure <> 'late'
"""
# A stretch of steps at a time, which are mostly of few days: all together would fill the memory.
STRETCH = 1_000_000
RECOUNT = """
    INSERT INTO taken
    SELECT day, district_id, element_id, team_id, measure, sum(count), sum(amount)
    FROM progress_entry WHERE step_id BETWEEN %s AND %s GROUP BY 1, 2, 3, 4, 5
"""
EXTEND = """
    INSERT INTO {balances} (day, {key}, element_id, counts, amounts)
    SELECT later.day, balance.{key}, balance.element_id, balance.counts, balance.amounts
    FROM (SELECT max(day) AS day FROM {balances}) AS last
    JOIN {balances} AS balance ON balance.day = last.day
    CROSS JOIN LATERAL generate_series(last.day + 1, %s, '1 day') AS later (day)
"""
BEGIN = """
    INSERT INTO {balances} (day, {key}, element_id, counts, amounts)
    SELECT missing.day, fresh.{key}, fresh.element_id, {nothing}
    FROM (
        SELECT {key}, element_id, min(day) AS day FROM taken
        WHERE day <= %s AND {key} IS NOT NULL GROUP BY 1, 2
    ) AS fresh
    CROSS JOIN LATERAL generate_series(fresh.day, %s, '1 day') AS missing (day)
    WHERE NOT EXISTS (
        SELECT FROM {balances} AS known
        WHERE known.day = fresh.day
            AND known.{key} = fresh.{key} AND known.element_id = fresh.element_id
    )
    ON CONFLICT DO NOTHING
"""
ADD = """
    WITH added AS (
        SELECT day, {key}, element_id, {pivot} FROM taken
        WHERE day <= %s AND {key} IS NOT NULL GROUP BY 1, 2, 3
    ),
    began AS (SELECT {key}, element_id, min(day) AS day FROM added GROUP BY 1, 2),
    grown AS (
        SELECT balance.day, balance.{key}, balance.element_id, {so_far}
        FROM began
        JOIN {balances} AS balance ON balance.day >= began.day
            AND balance.{key} = began.{key} AND balance.element_id = began.element_id
        LEFT JOIN added ON added.day = balance.day
            AND added.{key} = balance.{key} AND added.element_id = balance.element_id
        WINDOW so_far AS (
            PARTITION BY balance.{key}, balance.element_id ORDER BY balance.day
        )
    )
    UPDATE {balances} AS balance SET counts = grown.counts, amounts = grown.amounts
    FROM grown
    WHERE balance.day = grown.day
        AND balance.{key} = grown.{key} AND balance.element_id = grown.element_id
"""
NEWEST = """
    SELECT greatest(
        (SELECT max(day) FROM {balances}), (SELECT max(day) FROM taken WHERE day <= %s)
    )
"""
DIFFERENCES = """
    SELECT day, {key}, element_id, kept.counts || kept.amounts, counted.counts || counted.amounts
    FROM {balances} AS kept
    FULL JOIN {recounted} AS counted USING (day, {key}, element_id)
    WHERE (kept.counts, kept.amounts) IS DISTINCT FROM (counted.counts, counted.amounts)
    ORDER BY day, {key}, element_id
"""
DIFFERENCES_TO_COME = """
    SELECT coalesce(kept.day, counted.day), coalesce(kept.district_id, counted.district_id),
           coalesce(kept.element_id, counted.element_id), ARRAY[kept.count], ARRAY[counted.count]
    FROM (SELECT * FROM progress_coming WHERE count <> 0) AS kept
    FULL JOIN (
        SELECT day, district_id, element_id, team_id, sum(count) AS count FROM taken
        WHERE day > %s AND measure = 'late' GROUP BY 1, 2, 3, 4 HAVING sum(count) <> 0
    ) AS counted
    ON (kept.day, kept.district_id, kept.element_id, coalesce(kept.team_id, 0))
        = (counted.day, counted.district_id, counted.element_id, coalesce(counted.team_id, 0))
    WHERE kept.count IS DISTINCT FROM counted.count
"""
WAITING = f"""
    SELECT EXISTS (SELECT FROM progress_delta WHERE {RIPE})
        OR EXISTS (SELECT FROM progress_coming WHERE day <= %s)
"""


@transaction.atomic
def fold() -> None:
    """Move the queue into the balances. Writers never wait for it; other folds do."""
    today = timezone.localdate()
    with connection.cursor() as cursor:
        # Before it looks: a rebuild that has its turn could not empty a queue that is being read.
        _one_at_a_time(cursor)
        cursor.execute(WAITING, [today, today])
        if cursor.fetchone()[0]:
            _fold(cursor, today)


@transaction.atomic
def rebuild(progress: Bar = iter) -> None:
    """Make all balances anew from the steps; whoever writes steps waits meanwhile.

    *progress* may wrap the stretches of steps.
    """
    today = timezone.localdate()
    with connection.cursor() as cursor:
        _one_at_a_time(cursor)
        cursor.execute("LOCK TABLE distortions_step IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(FORGET)
        for model in (Delta, Coming, *KEYS):
            cursor.execute(f"TRUNCATE {model._meta.db_table}")
        _recount(cursor, progress)
        cursor.execute(QUEUE, [today])
        cursor.execute(KEEP, [today])
        _add(cursor, today)
        _drop(cursor, "taken")
        for model in KEYS:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


@contextmanager
def bulk() -> Iterator[None]:
    """Do without counting while very many steps are written, and count them all afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE distortions_step DISABLE TRIGGER steps_are_counted")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while checks wait
        cursor.execute("ALTER TABLE distortions_step ENABLE TRIGGER steps_are_counted")
        rebuild()


def differences(progress: Bar = iter) -> list[tuple[Any, ...]]:
    """Compare all balances with a recount from the steps, at one moment and while others write.

    *progress* may wrap the stretches of steps. Returns day, district or team, element, kept totals
    and counted totals of whatever differs.
    """
    today = timezone.localdate()
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:  # in a transaction of its own
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        _one_at_a_time(cursor)
        _fold(cursor, today)
        _recount(cursor, progress)
        tables: dict[Any, str] = {}
        for model in KEYS:
            tables[model] = f"recounted_{model._meta.model_name}"
            cursor.execute(
                f"CREATE TEMPORARY TABLE {tables[model]} (LIKE {model._meta.db_table} INCLUDING ALL) "
                "ON COMMIT DROP"
            )
        _add(cursor, today, tables)
        found = []
        for model, recounted in tables.items():
            names = {"key": KEYS[model], "balances": model._meta.db_table, "recounted": recounted}
            cursor.execute(DIFFERENCES.format(**names))
            found += cursor.fetchall()
        cursor.execute(DIFFERENCES_TO_COME, [today])
        found += cursor.fetchall()
        _drop(cursor, "taken", *tables.values())
    return found


def _one_at_a_time(cursor) -> None:
    # Not an advisory lock: this one takes no snapshot, so what follows sees what the last one did.
    cursor.execute("LOCK TABLE progress_folded IN SHARE ROW EXCLUSIVE MODE")
    # A recount groups as many rows as there are steps.
    cursor.execute("SET LOCAL work_mem = '128MB'")


def _recount(cursor, progress: Bar) -> None:
    cursor.execute(TAKEN)
    cursor.execute("SELECT min(id), max(id) FROM distortions_step")
    first, last = cursor.fetchone()
    if last is not None:
        for key in progress(range(first, last + 1, STRETCH)):
            cursor.execute(RECOUNT, [key, key + STRETCH - 1])
    cursor.execute("ANALYZE taken")


def _fold(cursor, today: date) -> None:
    cursor.execute(TAKEN)
    cursor.execute(TAKE, [today, today])
    cursor.execute(KEEP, [today])
    _add(cursor, today)
    _drop(cursor, "taken")


def _add(cursor, today: date, tables: dict[Any, str] | None = None) -> None:
    """Add what was taken to the balances, also to those of later days; to *tables* instead of them."""
    for model, key in KEYS.items():
        names = {"key": key, "balances": (tables or {}).get(model, model._meta.db_table)}
        cursor.execute(NEWEST.format(**names), [today])
        (newest,) = cursor.fetchone()
        if newest is None:
            continue
        cursor.execute(EXTEND.format(**names), [newest])
        cursor.execute(BEGIN.format(nothing=NOTHING, **names), [today, newest])
        cursor.execute(ADD.format(pivot=pivot(), so_far=SO_FAR, **names), [today])


def _drop(cursor, *tables: str) -> None:
    cursor.execute(f"DROP TABLE {', '.join(tables)}")
