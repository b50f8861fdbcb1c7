"""The ledger's totals at the end of one or more days, in one question to the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import product
from operator import add, sub
from typing import Any

from django.utils import timezone

from gis_app.catalogue.models import Element
from gis_app.distortions.as_of import end_of
from gis_app.distortions.status import COUNTED as COUNTED_STATUSES
from gis_app.distortions.status import OPEN, Status
from gis_app.geo.prepared import prepared_cursor
from gis_app.patience import bounded
from gis_app.progress.ledger import KEYS, pivot
from gis_app.progress.measures import AMOUNTS, EVENTS, HOURS, STOCKS, amount, count
from gis_app.progress.models import DistrictBalance, TeamBalance

UNITS = Element.Unit.values
# What a row tells, in this order; where stocks alone are asked for, only the first part of it.
Measures = tuple[str | tuple[str, str], ...]  # an amount is told by unit
STANDING: Measures = (*STOCKS, *product(COUNTED_STATUSES, UNITS))
HAPPENED: Measures = (*EVENTS, *product(AMOUNTS[len(COUNTED_STATUSES) :], UNITS), *HOURS)
PLACES = {name: place for place, name in enumerate((*STANDING, *HAPPENED))}
# By what totals are told: which balances have them, and their column there.
BY: dict[str, tuple[Any, str]] = {
    "district": (DistrictBalance, "district_id"),
    "element": (DistrictBalance, "element_id"),
    "team": (TeamBalance, "team_id"),
    "day": (DistrictBalance, "NULL"),
}
# The balance of the day, or of the last one there is; and what is not folded into it yet.
KEPT = """
    SELECT {key} AS key, element_id, counts, amounts FROM {balances}
    WHERE day = least(asked.day, (SELECT max(day) FROM {balances}))
    UNION ALL
    SELECT {key}, element_id, {pivot}
    FROM (
        SELECT {key}, element_id, measure, count, amount FROM progress_delta
        WHERE day <= asked.day AND {key} IS NOT NULL
        UNION ALL
        SELECT {key}, element_id, 'late', count, 0 FROM progress_coming
        WHERE day <= asked.day AND {key} IS NOT NULL
    ) AS entry
    GROUP BY 1, 2
"""
# What the ledger does not keep apart: what stands today is told by the rows.
STANDING_TODAY = """
    SELECT key, element_id, {pivot}
    FROM (
        SELECT distortion.{key} AS key, element_id, status AS measure, count(*) AS count,
               sum(round(coalesce(quantity, 0) * 1000)::bigint) AS amount
        FROM distortions_distortion AS distortion
        WHERE source = ANY (%(sources)s::text[]) GROUP BY 1, 2, 3
        UNION ALL
        SELECT distortion.{key}, element_id, 'late', count(*), 0
        FROM distortions_distortion AS distortion
        WHERE source = ANY (%(sources)s::text[]) AND status = ANY (%(open)s::text[])
            AND paused_at IS NULL AND due_at < %(midnight)s::timestamptz
        GROUP BY 1, 2
    ) AS entry
    WHERE key IS NOT NULL
    GROUP BY 1, 2
"""
# And all that was before by the steps themselves.
COUNTED = """
    SELECT {key} AS key, entry.element_id, {pivot}
    FROM progress_entry AS entry
    JOIN distortions_step AS step ON step.id = entry.step_id
    JOIN distortions_distortion AS distortion ON distortion.id = step.distortion_id
    WHERE entry.day <= asked.day AND distortion.source = ANY (%(sources)s::text[]) AND {key} IS NOT NULL
    GROUP BY 1, 2
"""
TOTALS = """
    SELECT asked.day, {group}, ARRAY[{sums}]::bigint[]
    FROM unnest(%(days)s::date[]) AS asked (day)
    CROSS JOIN LATERAL ({state}) AS state
    JOIN catalogue_element AS element ON element.id = state.element_id
    WHERE (%(keys)s::bigint[] IS NULL OR state.key = ANY (%(keys)s))
        AND (%(elements)s::text[] IS NULL OR element.code = ANY (%(elements)s))
    GROUP BY 1, 2
"""
# What the end of today would count as late, but is not yet.
LATER_TODAY = """
    SELECT {group}, count(*)
    FROM distortions_distortion AS distortion
    JOIN catalogue_element AS element ON element.id = distortion.element_id
    WHERE distortion.status = ANY (%(open)s::text[]) AND distortion.paused_at IS NULL
        AND distortion.due_at >= now() AND distortion.due_at < %(midnight)s::timestamptz
        AND distortion.{key} IS NOT NULL
        AND (%(keys)s::bigint[] IS NULL OR distortion.{key} = ANY (%(keys)s))
        AND (%(elements)s::text[] IS NULL OR element.code = ANY (%(elements)s))
        AND (%(sources)s::text[] IS NULL OR distortion.source = ANY (%(sources)s))
    GROUP BY 1
"""
# Of each status in each district the first that the index has, and no more.
OLDEST = """
    SELECT district.id, min(oldest.at) FILTER (WHERE status = 'reported'),
           min(oldest.at) FILTER (WHERE status <> 'reported')
    FROM places_district AS district
    CROSS JOIN unnest(%(statuses)s::text[]) AS status
    CROSS JOIN LATERAL (
        SELECT distortion.first_reported_at AS at
        FROM distortions_distortion AS distortion
        {element}
        WHERE distortion.district_id = district.id AND distortion.status = status.status
            AND (%(sources)s::text[] IS NULL OR distortion.source = ANY (%(sources)s))
        ORDER BY distortion.first_reported_at LIMIT 1
    ) AS oldest
    WHERE %(keys)s::bigint[] IS NULL OR district.id = ANY (%(keys)s)
    GROUP BY 1
"""
OF_ELEMENT = """
    JOIN catalogue_element AS element
        ON element.id = distortion.element_id AND element.code = ANY (%(elements)s::text[])
"""


@dataclass(frozen=True)
class Row:
    """Totals at the end of a day: of a district, element or team."""

    day: date
    key: int | None
    numbers: Sequence[int]  # in the order of PLACES


class Totals:
    """Sums of rows."""

    def __init__(self) -> None:
        self._numbers = [0] * len(PLACES)

    def __getitem__(self, measure: str) -> int:
        return self._numbers[PLACES[measure]]

    def amount(self, measure: str, unit: str) -> int:
        """Return the quantity of what is measured in *unit*, or its cost, in thousandths."""
        return self._numbers[PLACES[measure, unit]]

    def together(self, measures: tuple[str, ...], unit: str | None = None) -> int:
        """Return the sum of several measures; of their amounts in *unit*, if one is given."""
        numbers = self._numbers
        return sum([numbers[place] for place in _places(measures, unit)])

    @property
    def hours(self) -> list[int]:
        """How many treatments took so long, by the buckets of `measures`."""
        return self._numbers[PLACES[HOURS[0]] :]

    def add(self, row: Row) -> None:
        # Two lists at a time, in C. Where rows have stocks alone, so have their sums.
        self._numbers = list(map(add, self._numbers, row.numbers))

    def take(self, row: Row) -> None:
        """Leave out what *row* counted."""
        self._numbers = list(map(sub, self._numbers, row.numbers))

    def less(self, measure: str, number: int) -> None:
        """Count so many fewer of *measure*."""
        self._numbers[PLACES[measure]] -= number


@dataclass(frozen=True)
class Asked:
    """Of which districts or teams by key, elements by code, and sources; None: of all."""

    keys: Sequence[int] | None = None
    elements: Sequence[str] | None = None
    sources: Sequence[str] | None = None


def totals(by: str, *, days: Iterable[date], asked: Asked, with_events: bool = True) -> list[Row]:
    """Return the totals at the end of each of *days*, by `district`, `element`, `team` or `day`.

    Without events there are stocks alone: a quarter of the work.
    """
    model, column = BY[by]
    days = list(days)
    is_today = days == [timezone.localdate()] and not with_events
    names = {
        "key": KEYS[model],
        "balances": model._meta.db_table,
        "pivot": pivot() if with_events else pivot(STOCKS, COUNTED_STATUSES),
    }
    state = KEPT
    if asked.sources is not None:
        state = STANDING_TODAY if is_today else COUNTED
        names["key"] = KEYS[model] if is_today else f"entry.{KEYS[model]}"
    sql = TOTALS.format(
        group={KEYS[model]: "state.key", "element_id": "state.element_id"}.get(column, "NULL"),
        sums=", ".join(map(_sum, (*STANDING, *HAPPENED) if with_events else STANDING)),
        state=state.format(**names),
    )
    params = {"days": days, **vars(asked)}
    if state is STANDING_TODAY:
        params |= {"open": list(OPEN), "midnight": end_of(days[0])}
    with bounded(when=asked.sources is not None), prepared_cursor() as cursor:
        cursor.execute(sql, params)
        return [Row(*found) for found in cursor.fetchall()]


def later_today(by: str, *, today: date, asked: Asked) -> dict[int | None, int]:
    """Return by key how many become late before today is over, but are not yet."""
    model, column = BY[by]
    group = "NULL" if column == "NULL" else f"distortion.{column}"
    sql = LATER_TODAY.format(group=group, key=KEYS[model])
    with prepared_cursor() as cursor:
        cursor.execute(sql, {"open": list(OPEN), "midnight": end_of(today), **vars(asked)})
        return dict(cursor.fetchall())


def oldest(asked: Asked) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Return by district since when the oldest waits for triage, and the oldest is open, today."""
    statuses = [Status.REPORTED, *OPEN]
    with prepared_cursor() as cursor:
        element = OF_ELEMENT if asked.elements else ""
        cursor.execute(OLDEST.format(element=element), {"statuses": statuses, **vars(asked)})
        return {key: (waiting, is_open) for key, waiting, is_open in cursor.fetchall()}


@cache
def _places(measures: tuple[str, ...], unit: str | None) -> list[int]:
    return [PLACES[(measure, unit) if unit else measure] for measure in measures]


def _sum(measure: str | tuple[str, str]) -> str:
    """Return the SQL of a number of PLACES: an amount is told by unit."""
    if isinstance(measure, str):
        return f"sum({count(measure)})"
    name, unit = measure
    return f"coalesce(sum({amount(name)}) FILTER (WHERE element.unit = '{unit}'), 0)"
