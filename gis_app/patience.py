"""A question may take only so long: one that costs more is refused in words, and holds nobody up."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import QueryCanceled

from gis_app.errors import Refused

MOST_SECONDS = 10


class TooLong(Refused):
    status = 503
    reason = _("This would take too long. Ask for less: one district, one kind or fewer days.")


def bounded(*, when: bool) -> AbstractContextManager:
    """Bound what is asked inside, *when* no index answers for it; else let it be."""
    return within(MOST_SECONDS) if when else nullcontext()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let no statement inside take longer than *seconds*; TooLong when one does."""
    is_part = connection.in_atomic_block
    with transaction.atomic():
        former = _let_take(f"{round(seconds * 1000)}")
        try:
            yield
        except OperationalError as error:
            if isinstance(error.__cause__, QueryCanceled):
                raise TooLong from None
            raise
        if is_part:  # what follows in the same transaction is not bounded
            _let_take(former)


def _let_take(milliseconds: str) -> str:
    """Bound the statements of this transaction, and return what they were bounded by before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)",
            [milliseconds],
        )
        return cursor.fetchone()[0]
