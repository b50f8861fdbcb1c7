"""The clock against somebody who sits there and looks at his watch every minute."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hijridate import Gregorian
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gis_app.catalogue.clock import Break, Clock, DaysOff, Hours, NoWorkingTime, compiled

RIYADH = ZoneInfo("Asia/Riyadh")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LONGEST_WALK = 25 * DAY
# Before and in Ramadan, both Eids, the National Day, the noon ban's ends, the turn of a year.
SOME_DAYS = [
    date(2026, 2, 16), date(2026, 3, 15), date(2026, 5, 24), date(2026, 6, 13),
    date(2026, 9, 13), date(2026, 9, 21), date(2025, 2, 27), date(2024, 12, 29),
]  # fmt: skip
OFFICE = tuple(Hours(weekday, False, time(8), time(16)) for weekday in range(5))
EIDS = (DaysOff(True, None, 9, 30, 4), DaysOff(True, None, 12, 9, 4))
NOON = (Break((6, 15), (9, 15), time(12), time(15)),)

quarters = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
hours = st.builds(Hours, st.integers(0, 6), st.booleans(), quarters, quarters)
months, month_days = st.integers(1, 12), st.integers(1, 31)
holidays = st.one_of(
    st.builds(DaysOff, st.just(is_hijri), years, months, month_days, st.integers(1, 5))
    for is_hijri, years in (
        (True, st.sampled_from([None, 1447])),
        (False, st.sampled_from([None, 2026])),
    )
)
days_of_year = st.tuples(months, month_days)
breaks = st.builds(Break, days_of_year, days_of_year, quarters, quarters)
calendars = st.tuples(
    st.lists(hours, min_size=6, max_size=16).map(tuple),
    st.lists(holidays, max_size=3).map(tuple),
    st.lists(breaks, max_size=2).map(tuple),
)
starts = st.builds(
    lambda day, days, minutes: (
        datetime.combine(day, time(), RIYADH) + days * DAY + minutes * MINUTE
    ),
    st.sampled_from(SOME_DAYS),
    st.integers(0, 8),
    st.integers(0, 24 * 60 - 1),
)


# --- the one who looks at his watch


@cache
def hijri(day: date):
    return Gregorian.fromdate(day).to_hijri()


def begins_on(row: DaysOff, day: date) -> bool:
    first = day - (row.day - 1) * DAY
    said = hijri(first) if row.is_hijri else first
    return (said.month, said.day) == (row.month, 1) and row.year in (None, said.year)


@cache
def is_free(rows: tuple[DaysOff, ...], day: date) -> bool:
    return any(begins_on(row, day - ago * DAY) for row in rows for ago in range(row.days))


def in_season(row: Break, day: date) -> bool:
    today = (day.month, day.day)
    if row.first <= row.last:
        return row.first <= today <= row.last
    return today >= row.first or today <= row.last


def runs(begin: time, end: time, at: time, *, began_yesterday: bool) -> bool:
    if began_yesterday:
        return end <= begin and at < end
    return begin <= at and (end <= begin or at < end)


def is_working(calendar, at: datetime) -> bool:
    rows, off, rest = calendar
    local = at.astimezone(RIYADH)
    works = False
    for yesterday in (False, True):
        day = local.date() - yesterday * DAY
        clock = local.time()
        ramadan = hijri(day).month == 9 and any(row.in_ramadan for row in rows)
        weekday = day.isoweekday() % 7
        works |= not is_free(off, day) and any(
            row.weekday == weekday
            and row.in_ramadan == ramadan
            and runs(row.opens, row.closes, clock, began_yesterday=yesterday)
            for row in rows
        )
        if any(
            in_season(row, day) and runs(row.begins, row.ends, clock, began_yesterday=yesterday)
            for row in rest
        ):
            return False
    return works


def walk(calendar, start: datetime, minutes: int) -> datetime | None:
    """When so many minutes have been worked; None when it takes too long to wait for."""
    at, left = start, minutes
    while left:
        if at - start > LONGEST_WALK:
            return None
        left -= is_working(calendar, at)
        at += MINUTE
    return at


# --- what it is held to


@settings(max_examples=30, deadline=None, derandomize=True)
@given(calendars, starts, st.integers(0, 900))
def test_it_is_due_when_somebody_with_a_watch_says_so(calendar, start, minutes):
    expected = walk(calendar, start, minutes)
    assume(expected is not None)

    clock = compiled(*calendar)

    assert clock.due(start, minutes * 60) == expected
    assert clock.elapsed(start, expected) == minutes * 60


@settings(max_examples=20, deadline=None, derandomize=True)
@given(calendars, starts, st.integers(0, 4 * 24 * 60))
def test_as_much_has_passed_as_somebody_with_a_watch_has_counted(calendar, start, minutes):
    counted = sum(is_working(calendar, start + number * MINUTE) for number in range(minutes))

    assert compiled(*calendar).elapsed(start, start + minutes * MINUTE) == counted * 60


@settings(max_examples=60, deadline=None, derandomize=True)
@given(calendars, starts, st.integers(0, 10**6), st.integers(0, 10**5), st.integers(0, 10**6))
def test_what_is_due_was_worked_and_later_is_never_sooner(calendar, start, seconds, more, later):
    clock = compiled(*calendar)
    assume(clock.worked[-1] > 10**8)
    start += timedelta(seconds=more % 60, microseconds=more)

    due = clock.due(start, seconds)

    assert clock.elapsed(start, due) == seconds
    assert clock.due(start, seconds + more) >= due
    assert clock.due(start + timedelta(seconds=later), seconds) >= due
    assert clock.due(due, more) == clock.due(start, seconds + more) or not more


@settings(max_examples=15, deadline=None, derandomize=True)
@given(calendars, st.lists(starts, min_size=1, max_size=20), st.integers(0, 10**6))
def test_a_column_is_answered_as_each_moment_of_it(calendar, moments, seconds):
    clock = compiled(*calendar)
    assume(clock.worked[-1] > 10**8)

    column = clock.due_column(np.array([int(at.timestamp()) for at in moments]), seconds)

    expected = [clock.due(at, seconds) for at in moments]
    assert [datetime.fromtimestamp(at, UTC) for at in column.tolist()] == expected


# --- a few that can be read


def at(day: int, month: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=RIYADH)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (at(1, 11, 9), 2, at(1, 11, 11)),  # a Sunday
        (at(1, 11, 15), 2, at(2, 11, 9)),
        (at(5, 11, 15), 2, at(8, 11, 9)),  # over Friday and Saturday
        (at(6, 11, 12), 8, at(8, 11, 16)),  # until the end of the day, not the next morning
        (at(18, 3, 15), 2, at(23, 3, 9)),  # 29 Ramadan 1447, then four days with a weekend
        (at(14, 6, 11), 2, at(14, 6, 13)),  # the last day before the noon break …
        (at(15, 6, 11), 2, at(15, 6, 16)),  # … and its first
        (at(1, 11, 9), 0, at(1, 11, 9)),
    ],
)
def test_an_office_day(start, hours, due):
    assert compiled(OFFICE, EIDS, NOON).due(start, hours * 3600) == due


def test_round_the_clock_is_every_second():
    clock = compiled(tuple(Hours(weekday, False, time(0), time(0)) for weekday in range(7)), (), ())

    assert clock.due(at(1, 11, 23, 30), 90 * 60) == at(2, 11, 1)


@pytest.mark.parametrize("empty", [True, False])
def test_where_nobody_works_nothing_is_promised(empty):
    clock: Clock = compiled(() if empty else OFFICE, (), ())

    with pytest.raises(NoWorkingTime, match="2077"):
        clock.due(at(1, 11, 9) if empty else datetime(2077, 11, 1, tzinfo=UTC), 10**6)
    with pytest.raises(NoWorkingTime):
        clock.elapsed(at(1, 11, 9), datetime(2090, 1, 1, tzinfo=UTC))
