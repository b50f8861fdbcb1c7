"""Working time: when something falls due, and how much of it has passed between two moments.

A calendar's rows are compiled once to the sorted spans in which it works. One code answers for a
moment and for a column of a million: a search in the spans, and a sum of what they hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from django.utils.translation import gettext_lazy as _
from hijridate import Hijri
from hijridate.ummalqura import GREGORIAN_RANGE, HIJRI_RANGE

from gis_app.errors import Refused

FIRST_DAY, LAST_DAY = (date(*day) for day in GREGORIAN_RANGE)  # what is known of Umm al-Qura
HIJRI_YEARS = range(HIJRI_RANGE[0][0], HIJRI_RANGE[1][0] + 1)
RAMADAN = 9
EPOCH = date(1970, 1, 1)
WEEKDAY_OF_EPOCH = 4  # a Thursday; 0 is Sunday
DAY_S = 24 * 3600
ZONE_S = 3 * 3600  # Riyadh is east of UTC by so much, in summer and in winter


class NoWorkingTime(Refused):
    reason = _("The calendar has no working time then, or it is beyond 1924 to 2077.")


class Hours(NamedTuple):
    """A span of every such weekday (0 Sunday … 6 Saturday), past midnight when it ends earlier."""

    weekday: int
    in_ramadan: bool
    opens: time
    closes: time


class DaysOff(NamedTuple):
    """*days* days from a day of the year, of one year or, where it is None, of each."""

    is_hijri: bool
    year: int | None
    month: int
    day: int
    days: int


class Break(NamedTuple):
    """A span of every day from (month, day) to (month, day), in which nobody works."""

    first: tuple[int, int]
    last: tuple[int, int]
    begins: time
    ends: time


@dataclass(frozen=True)
class Clock:
    """The spans that a calendar works, in seconds since 1970: sorted, none touches another."""

    opens: np.ndarray
    closes: np.ndarray
    worked: np.ndarray  # before each span, and in the end altogether

    def due(self, start: datetime, seconds: int) -> datetime:
        """Return the first moment at which *seconds* have been worked since *start*."""
        return datetime.fromtimestamp(int(self.due_column(_second(start), seconds)), UTC)

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Return the seconds worked from *start* to *end*; fractions of a second don't count."""
        return int(self.elapsed_column(_second(start), _second(end)))

    def due_column(self, start: np.ndarray | int, seconds: np.ndarray | int) -> np.ndarray:
        """Return, for columns of whole seconds since 1970, what `due` returns for a moment."""
        wanted = self._worked_until(start) + seconds
        if np.any(wanted > self.worked[-1]):
            raise NoWorkingTime
        span = np.searchsorted(self.worked[1:], wanted)
        # What needs no time is due at once, also while nobody works.
        return np.maximum(self.closes[span] - (self.worked[span + 1] - wanted), start)

    def elapsed_column(self, start: np.ndarray | int, end: np.ndarray | int) -> np.ndarray:
        """Return, for columns of whole seconds since 1970, what `elapsed` returns for moments."""
        return self._worked_until(end) - self._worked_until(start)

    def spans(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Return when it is worked between *start* and *end*, in UTC."""
        first, last = _second(start), _second(end)
        here = slice(
            np.searchsorted(self.closes, first, side="right"), np.searchsorted(self.opens, last)
        )
        spans = np.clip(np.stack([self.opens[here], self.closes[here]], axis=1), first, last)
        return [
            (datetime.fromtimestamp(opens, UTC), datetime.fromtimestamp(closes, UTC))
            for opens, closes in spans.tolist()
        ]

    def _worked_until(self, at: np.ndarray | int) -> np.ndarray:
        if not len(self.opens) or np.any(at < _BEGIN) or np.any(at > _END):
            raise NoWorkingTime
        begun = np.searchsorted(self.opens, at, side="right")
        left = np.maximum(self.closes[begun - 1] - at, 0)
        return self.worked[begun] - np.where(begun, left, 0)


@lru_cache(maxsize=32)
def compiled(
    hours: tuple[Hours, ...], holidays: tuple[DaysOff, ...], breaks: tuple[Break, ...]
) -> Clock:
    """Return the clock of a calendar. A span belongs to the day on which it begins.

    Where any hours are of Ramadan, only those are worked in Ramadan.
    """
    days = np.arange(_number(FIRST_DAY), _number(LAST_DAY) + 1)
    free = np.isin(days, _days_of(holidays))
    ramadan = np.isin(days, _ramadans()) & any(row.in_ramadan for row in hours)
    weekday = (days + WEEKDAY_OF_EPOCH) % 7
    work = [
        _spans(days[(weekday == row.weekday) & (ramadan == row.in_ramadan) & ~free], *row[2:])
        for row in hours
    ]
    rest = [_spans(days[_in_season(days, row)], row.begins, row.ends) for row in breaks]
    opens, closes = _without(_joined(work), _joined(rest))
    return Clock(opens, closes, np.concatenate([[0], np.cumsum(closes - opens)]))


def _second(at: datetime) -> int:
    return int(at.timestamp())


def _number(day: date) -> int:
    return (day - EPOCH).days


_BEGIN, _END = _number(FIRST_DAY) * DAY_S - ZONE_S, (_number(LAST_DAY) + 1) * DAY_S - ZONE_S


def _days_of(holidays: Sequence[DaysOff]) -> np.ndarray:
    """Return the days off, in days since 1970."""
    begins = [(_first_day(row, year), row.days) for row in holidays for year in _years(row)]
    days = [np.arange(first, first + length) for first, length in begins]
    return np.concatenate([np.empty(0, dtype=int), *days])


def _years(row: DaysOff) -> Sequence[int]:
    if row.year is not None:
        return [row.year]
    return HIJRI_YEARS if row.is_hijri else range(FIRST_DAY.year, LAST_DAY.year + 1)


def _first_day(row: DaysOff, year: int) -> int:
    """Return the day; what is beyond the end of a shorter month is the next month's first."""
    first = Hijri(year, row.month, 1).to_gregorian() if row.is_hijri else date(year, row.month, 1)
    return _number(first) + row.day - 1


@lru_cache(maxsize=1)
def _ramadans() -> np.ndarray:
    months = [Hijri(year, RAMADAN, 1) for year in HIJRI_YEARS]
    firsts = [(_number(month.to_gregorian()), month.month_length()) for month in months]
    return np.concatenate([np.arange(first, first + length) for first, length in firsts])


def _in_season(days: np.ndarray, row: Break) -> np.ndarray:
    date_of = days.astype("datetime64[D]")
    month = date_of.astype("datetime64[M]")
    of_year = 100 * (month.astype(int) % 12 + 1) + (date_of - month).astype(int) + 1
    (first, last) = (100 * month_ + day for month_, day in (row.first, row.last))
    after, before = of_year >= first, of_year <= last
    return after & before if first <= last else after | before


def _spans(days: np.ndarray, opens: time, closes: time) -> np.ndarray:
    """Return begin and end of the span on each of *days*, in seconds since 1970."""
    begin, end = (at.hour * 3600 + at.minute * 60 + at.second for at in (opens, closes))
    midnight = days * DAY_S - ZONE_S
    return np.stack([midnight + begin, midnight + (end if end > begin else end + DAY_S)])


def _joined(spans: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.empty((2, 0), dtype=int), *spans], axis=1)


def _without(work: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where any span of *work* runs and none of *rest*: sorted, and none touches another."""
    bounds = np.unique(np.concatenate([work, rest], axis=None))
    runs = _covered(bounds, work) & ~_covered(bounds, rest)
    turns = np.flatnonzero(np.diff(runs, prepend=False))
    return bounds[turns[::2]], bounds[turns[1::2]]


def _covered(bounds: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Return whether any of *spans* runs from each of *bounds* to the next."""
    count = len(bounds)
    begun, ended = (
        np.bincount(np.searchsorted(bounds, side), minlength=count)[:count] for side in spans
    )
    return np.cumsum(begun - ended) > 0
