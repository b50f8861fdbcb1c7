"""Questions that the database plans once and answers often."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from psycopg import Cursor, RawCursor


class _Prepared(Cursor):
    """Sends the values beside the statement, which the database prepares; takes bytes as they are.

    Django's own cursor writes them into it, so that the database reads and plans it each time.
    """

    def execute(self, query, params=None):  # type: ignore[override]
        return super().execute(query, params, prepare=True, binary=True)


class _Numbered(RawCursor):
    """The same for $1: where there are many values, that saves taking the statement apart."""

    def execute(self, query, params=None):  # type: ignore[override]
        return super().execute(query, params, prepare=True, binary=True)


def prepared_cursor(kind: type[Cursor] = _Prepared):
    """Return a cursor whose statements keep their plans, as long as their connection lives."""
    connection.ensure_connection()
    wrapped = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrapped(kind(connection.connection))  # type: ignore[arg-type]


def ask(sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
    """Return the first row of the answer, or None."""
    with prepared_cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def insert(*rows: Model) -> None:
    """Insert new *rows*, whose keys are known, by one statement: in one turn instead of one each.

    What the database generates is not read back into them. Of what one row refers to, another may
    be: foreign keys are checked at the commit.
    """
    models = tuple(map(type, rows))
    values = [
        field.get_db_prep_save(field.pre_save(row, True), connection)
        for row, model in zip(rows, models, strict=True)
        for field in _stored(model)
    ]
    with prepared_cursor(_Numbered) as cursor:
        cursor.execute(_insert(models), values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@cache
def _stored(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


@cache
def _insert(models: tuple[type[Model], ...]) -> str:
    name, number = connection.ops.quote_name, count(1)
    inserts = []
    for model in models:
        columns = ", ".join(name(str(field.column)) for field in _stored(model))
        values = ", ".join(f"${next(number)}" for _field in _stored(model))
        inserts.append(f"INSERT INTO {name(model._meta.db_table)} ({columns}) VALUES ({values})")
    *earlier, last = inserts
    together = ", ".join(f"row_{place} AS ({sql})" for place, sql in enumerate(earlier))
    return f"WITH {together} {last}" if together else last
