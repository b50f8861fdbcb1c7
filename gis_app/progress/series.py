"""The same figures period by period: by day, week, month or quarter."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from gis_app.errors import Unreadable
from gis_app.progress import state
from gis_app.progress.figures import Figures, asked_of, without_later_today
from gis_app.progress.question import Question

USUAL = {"day": 31, "week": 13, "month": 12, "quarter": 8}  # how many, where no first day is given
MOST = 400
DAY = timedelta(days=1)
MONTHS_A_QUARTER = 3


@dataclass(frozen=True)
class Point:
    """The state at the end of *last*, and what happened from *first* on."""

    first: date
    last: date
    figures: Figures


@dataclass(frozen=True)
class Series:
    question: Question
    every: str
    points: list[Point]


def series(params: Mapping[str, str]) -> Series:
    """Return the figures of each period between `from` and `to`; *params* as `progress`, and `every`.

    Weeks begin on Sunday, months and quarters are Gregorian. The first and the last period may be
    cut short by the days that are asked for.
    """
    told = dict(params)
    every = told.pop("every", "month")
    if every not in BEGINS:
        raise Unreadable(fields={"every": [", ".join(BEGINS)]})
    question = Question.read(told)
    since = question.since or _back(BEGINS[every], question.day, USUAL[every])
    question = replace(question, since=since)
    periods = list(_periods(BEGINS[every], since, question.day))
    if len(periods) > MOST:
        raise Unreadable(
            fields={"from": [_("These are more than %(n)d periods: ask for fewer.") % {"n": MOST}]}
        )
    days = [since - DAY, *(last for _first, last in periods)]
    found: dict[date, list[state.Row]] = {day: [] for day in days}
    asked = asked_of(question)
    for row in state.totals("day", days=days, asked=asked):
        found[row.day].append(row)
    points = []
    for (first, last), before in zip(periods, days, strict=False):
        is_past = question.past or last < question.day
        figures = Figures(replace(question, since=first, past=last if is_past else None))
        for row in found[last]:
            figures.add(row)
        for row in found[before]:
            figures.take(row)
        points.append(Point(first, last, figures))
    if not question.past:
        last_figures = {None: points[-1].figures}
        without_later_today("day", last_figures, asked=asked, question=question)
    return Series(question, every, points)


def quarter_of(day: date) -> date:
    """Return the first day of the Gregorian quarter that *day* lies in."""
    return day.replace(day=1, month=day.month - (day.month - 1) % MONTHS_A_QUARTER)


# The first day of the period that a day lies in. A Saudi week begins on Sunday.
BEGINS: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.isoweekday() % 7),
    "month": lambda day: day.replace(day=1),
    "quarter": quarter_of,
}


def _periods(
    begins: Callable[[date], date], since: date, until: date
) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of each period between two days, both included."""
    last = until
    turned = []
    while last >= since:
        first = max(begins(last), since)
        turned.append((first, last))
        last = first - DAY
    return reversed(turned)


def _back(begins: Callable[[date], date], day: date, number: int) -> date:
    """Return the first day of the earliest of a *number* of periods, of which *day* lies in the last."""
    first = begins(day)
    for _n in range(number - 1):
        first = begins(first - DAY)
    return first
