"""Which question of a list counts exactly what a figure counted: the part of its address after the ?.

Figures and lists meet here alone, so that a number and the rows that it opens cannot drift apart.
"""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

Asked = str | bool | date | Iterable[str] | None


def rows_query(*, as_of: date | None = None, **filters: Asked) -> str:
    """Return what the list of distortions is asked for exactly those of *filters*.

    *as_of* is the day at whose end they were so; without it they are so now. A filter is a code,
    several, or True for a switch such as `late`; what is empty is not asked.
    """
    return _query({**filters, "as_of": as_of})


def events_query(*, event: str | Iterable[str], day: str, **filters: Asked) -> str:
    """Return what the list of steps is asked for exactly the *event* (events.EVENTS) on those days."""
    return _query({"event": event, "day": day, **filters})


def days(first: date | None, last: date | None) -> str:
    """Return the days from *first* to *last* as lists take them; None is an open end."""
    return "/".join(day.isoformat() if day else ".." for day in (first, last))


def _query(filters: dict[str, Asked]) -> str:
    told = {name: _told(value) for name, value in filters.items()}
    return urlencode({name: text for name, text in told.items() if text}, safe=",/")


def _told(value: Asked) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "true"
        case str():
            return value
        case date():
            return value.isoformat()
    return ",".join(value)
