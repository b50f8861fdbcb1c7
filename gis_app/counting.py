"""How many there are: several questions in one query, and none counted for longer than is worth it."""

from collections.abc import Mapping
from itertools import chain

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, QuerySet

MOST = 10_000  # beyond that, pages say "more than"


def counted(
    questions: Mapping[str, QuerySet],
    *,
    grouped: Mapping[str, tuple[QuerySet, str]] | None = None,
    most: int = MOST,
) -> tuple[dict[str, int], dict[str, dict[int, int]]]:
    """Return in one query how many rows each of *questions* has: *most* + 1 where it has more.

    And of each of *grouped*, rows with the name of a foreign key, the rows of each key; all of them.
    """
    asked = {name: rows.order_by().values("pk")[: most + 1] for name, rows in questions.items()}
    by_key = {
        name: rows.order_by().values(column).annotate(rows=Count("*")).values_list(column, "rows")
        for name, (rows, column) in (grouped or {}).items()
    }
    parts = [_sql(rows, "count(*)", "0") for rows in asked.values()]
    parts += [_sql(rows, "json_object_agg(key, rows)", "NULL") for rows in by_key.values()]
    sql = ", ".join(part for part, _params in parts)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", [*chain.from_iterable(params for _part, params in parts)])
        found = list(cursor.fetchone())
    told = dict(zip(asked, found, strict=False))
    keys = zip(by_key, found[len(asked) :], strict=True)
    return told, {name: _by_number(counts or {}) for name, counts in keys}


def by_kind(rows: QuerySet, *columns: str, most: int = MOST) -> dict[tuple, int] | None:
    """Count *rows* by what their *columns* hold; None where there are more than *most* of them."""
    sql, params = rows.order_by().values_list(*columns)[: most + 1].query.sql_with_params()
    names = ", ".join(f"kind_{number}" for number in range(len(columns)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), {names} FROM ({sql}) AS asked ({names}) GROUP BY {names}", params
        )
        found = {tuple(kind): count for count, *kind in cursor.fetchall()}
    return found if sum(found.values()) <= most else None


def _sql(rows: QuerySet, told: str, nothing: str) -> tuple[str, tuple]:
    try:
        inner, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return nothing, ()
    columns = "" if told == "count(*)" else " (key, rows)"
    return f"(SELECT {told} FROM ({inner}) AS asked{columns})", params


def _by_number(counts: Mapping[str, int]) -> dict[int, int]:
    return {int(key): rows for key, rows in counts.items()}
