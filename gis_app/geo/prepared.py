"""Questions that the database plans once and answers often."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from psycopg import Cursor


class _Prepared(Cursor):
    """Sends the values beside the statement, which the database prepares; takes bytes as they are.

    Django's own cursor writes them into it, so that the database reads and plans it each time.
    """

    def execute(self, query, params=None):  # type: ignore[override]
        return super().execute(query, params, prepare=True, binary=True)


def prepared_cursor():
    """Return a cursor whose statements keep their plans, as long as their connection lives."""
    connection.ensure_connection()
    wrapped = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrapped(_Prepared(connection.connection))  # type: ignore[arg-type]


def ask(sql: str, params: Sequence[Any] = ()) -> Any:
    """Return the first row of the answer, or None."""
    with prepared_cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()
