"""Registers kept in this process: read again when the database says that one has changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar
from uuid import UUID

from gis_app.geo.prepared import ask
from gis_app.language import active

T = TypeVar("T")
MARK = "SELECT (SELECT mark FROM registers_edition)"
# The edition that this request reads; outside of one, the database is asked each time.
_read: ContextVar[dict[str, UUID | None] | None] = ContextVar("edition", default=None)


class Kept(Generic[T]):
    """What *load* returns, in the active language; loaded once for each edition of the registers.

    It is shared by all threads: who reads it changes nothing of it.
    """

    def __init__(self, load: Callable[[], T]) -> None:
        self.__doc__, self._load = load.__doc__, load
        self._kept: dict[str, tuple[UUID | None, T]] = {}

    def __deepcopy__(self, _memo) -> "Kept[T]":
        return self  # filters copy themselves with all that they are made of

    def __call__(self) -> T:
        mark, language = edition(), active()
        known = self._kept.get(language)
        if known is None or mark is None or known[0] != mark:
            # Never older than its mark: that was read before.
            known = self._kept[language] = (mark, self._load())
        return known[1]


def edition() -> UUID | None:
    """Return the mark of the registers as they are now; None where nothing has marked them yet."""
    read = _read.get()
    if read is not None and "mark" in read:
        return read["mark"]
    (mark,) = ask(MARK)
    remember(mark)
    return mark


def remember(mark: UUID | None) -> None:
    """Let the rest of this request read the registers of that *mark*."""
    read = _read.get()
    if read is not None:
        read["mark"] = mark


@contextmanager
def one_edition() -> Iterator[None]:
    """Ask for the edition once inside: for requests that only read."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)
