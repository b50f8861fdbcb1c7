"""How far treatment has come, on any day: what was claimed and what was confirmed.

The denominator is all that was accepted: open + treated + verified. What awaits triage, was
rejected, referred or merged stands beside it and never in it (API.md, Progress).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings

from gis_app.catalogue.models import Element
from gis_app.catalogue.registers import all_elements
from gis_app.distortions.events import EVENTS
from gis_app.distortions.status import COUNTED, OPEN, Status
from gis_app.places.registers import Ground, grounds
from gis_app.progress import state
from gis_app.progress.coverage import Coverage
from gis_app.progress.happened import Happened
from gis_app.progress.measures import THOUSANDTHS
from gis_app.progress.question import Question
from gis_app.progress.rates import share, wilson

BESIDE = (Status.REPORTED, Status.REJECTED, Status.REFERRED, Status.MERGED)
QUANTITY_GROUPS = {"open": OPEN, "treated": (Status.TREATED,), "verified": (Status.VERIFIED,)}
GROUPS = {"total": COUNTED, **QUANTITY_GROUPS} | {status.value: (status,) for status in BESIDE}
UNITS = Element.Unit.values


@dataclass
class Figures:
    """Counts of distortions at the end of a day, quantities by unit, and what happened before it.

    *question* and *of* name the rows behind the numbers: `queries` asks the lists for them.
    """

    question: Question
    of: dict[str, str] = field(default_factory=dict)
    standing: state.Totals = field(default_factory=state.Totals)
    waiting_since: datetime | None = None  # the oldest that awaits triage; today only
    open_since: datetime | None = None  # the oldest that is open; today only
    happened: Happened | None = None  # where the question has a first day

    def __post_init__(self) -> None:
        if self.question.since:
            self.happened = Happened()

    def __getattr__(self, name: str) -> int:
        """Return how many there are of a group: open, treated, verified, total, reported …"""
        if name not in GROUPS:
            raise AttributeError(name)
        return self.counts[name]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many there are of each group; to be read once all rows are counted in."""
        return {group: self.standing.together(statuses) for group, statuses in GROUPS.items()}

    @property
    def late(self) -> int:
        return self.standing["late"]

    @property
    def done(self) -> int:
        """What was claimed or confirmed."""
        return self.counts["treated"] + self.counts["verified"]

    @property
    def is_few(self) -> bool:
        """Whether these are too few to tell a rate from chance: it is neither coloured nor ranked."""
        return self.counts["total"] < settings.RASD_FEW

    @property
    def treatment_rate(self) -> float | None:
        """Share claimed or confirmed, 0-1; None when there is nothing to treat."""
        return share(self.done, self.counts["total"])

    @property
    def verified_rate(self) -> float | None:
        """Share confirmed by somebody else, 0-1; None when there is nothing to treat."""
        return share(self.counts["verified"], self.counts["total"])

    @property
    def treatment_interval(self) -> tuple[float, float] | None:
        """Where the rate lies, were these a sample of what the district brings forth (rates.wilson)."""
        return wilson(self.done, self.counts["total"])

    @property
    def verified_interval(self) -> tuple[float, float] | None:
        return wilson(self.counts["verified"], self.counts["total"])

    @property
    def hundred(self) -> dict[str, int]:
        """Of every 100 that were accepted, how many are verified, treated and open: always 100."""
        if not self.total:
            return {"verified": 0, "treated": 0, "open": 0}
        verified = round(100 * self.verified / self.total)
        done = max(verified, round(100 * self.done / self.total))
        return {"verified": verified, "treated": done - verified, "open": 100 - done}

    @property
    def quantities(self) -> dict[str, dict[str, float]]:
        """The latest treated quantity, else the reported one, by unit and group."""
        return {
            unit: {
                group: self.standing.together(statuses, unit) / THOUSANDTHS
                for group, statuses in QUANTITY_GROUPS.items()
            }
            for unit in UNITS
        }

    @property
    def query(self) -> str:
        """The query string that lists the rows behind `total`."""
        return self.question.rows(**self.of, status=",".join(COUNTED))

    @cached_property
    def queries(self) -> dict[str, str]:
        """The query string of the list of distortions behind each number."""
        stocks = {
            group: self.question.rows(**self.of, status=",".join(statuses))
            for group, statuses in GROUPS.items()
        }
        return stocks | {"late": self.question.rows(**self.of, late=True)}

    @cached_property
    def event_queries(self) -> dict[str, str]:
        """The query string of the list of steps behind each event."""
        return {event: self.question.events(event=event, **self.of) for event in EVENTS}

    def add(self, row: state.Row) -> None:
        """Count in the state at the end of the day, and all that happened until then."""
        self.standing.add(row)
        if self.happened:
            self.happened.totals.add(row)

    def take(self, row: state.Row) -> None:
        """Leave out what had happened before the first day."""
        if self.happened:
            self.happened.totals.take(row)

    def published(self) -> dict[str, Any]:
        """Return the members that API.md names."""
        rates = ("treatment_rate", "treatment_interval", "verified_rate", "verified_interval")
        return {
            **self.counts,
            "late": self.late,
            "too_few": self.is_few,
            **{rate: getattr(self, rate) for rate in rates},
            "quantities": self.quantities,
            "waiting_since": _told(self.waiting_since),
            "open_since": _told(self.open_since),
            "period": self.happened and self.happened.published(),
        }


@dataclass(kw_only=True)
class DistrictFigures(Figures):
    """Of one district."""

    ground: Ground
    coverage: Coverage | None = None  # where a page tells it too

    @property
    def code(self) -> str:
        return self.ground.code

    @property
    def name(self) -> str:
        return self.ground.name

    @property
    def area_km2(self) -> float:
        return self.ground.area_km2

    @property
    def population(self) -> int | None:
        return self.ground.population


@dataclass(kw_only=True)
class ElementFigures(Figures):
    """Of one element."""

    code: str = ""
    name: str = ""
    unit: str = ""

    @property
    def verified_quantity(self) -> float:
        """How much of it was treated and confirmed, in the element's unit."""
        return self.quantities[self.unit]["verified"]


@dataclass(frozen=True)
class Progress:
    question: Question
    districts: list[DistrictFigures]
    totals: Figures


def progress(params: Mapping[str, str]) -> Progress:
    """Return the figures of every district in force then that *params* ask for, and of them together.

    *params*: as_of or to (the day at whose end; today without), from (a period's first day),
    element, district, amana, sub_municipality, source (codes by comma); another one is
    Unreadable. Privacy hides columns, never rows: everybody sees the same numbers.
    """
    question = Question.read(params)
    asked = asked_of(question)
    figures = {
        ground.pk: DistrictFigures(question, {"district": ground.code}, ground=ground)
        for ground in grounds(question.past)
        if asked.keys is None or ground.pk in asked.keys
    }
    total = Figures(question)
    fill(figures, total, by="district", asked=asked, question=question)
    if not question.past:
        for key, (waiting, is_open) in state.oldest(asked).items():
            for one in (figures[key], total) if key in figures else (total,):
                one.waiting_since = _earlier(one.waiting_since, waiting)
                one.open_since = _earlier(one.open_since, is_open)
    return Progress(question, list(figures.values()), total)


def by_element(params: Mapping[str, str]) -> list[ElementFigures]:
    """Return the figures of every element that has any, in the catalogue's order."""
    return [found for found in of_elements(params) if found.total or found.reported]


def of_elements(params: Mapping[str, str]) -> list[ElementFigures]:
    """Return the figures of every element there is, in the catalogue's order."""
    question = Question.read(params)
    figures = {
        row.pk: ElementFigures(
            question, {"element": row.code}, code=row.code, name=row.name, unit=row.unit
        )
        for row in all_elements()
    }
    asked = asked_of(question)
    fill(figures, Figures(question), by="element", asked=asked, question=question)
    return list(figures.values())


def asked_of(question: Question) -> state.Asked:
    """Return what the ledger is asked for by *question*."""
    return state.Asked(
        keys=question.keys(),
        elements=question.codes.get("element"),
        sources=question.codes.get("source"),
    )


def fill(
    figures: Mapping[Any, Figures],
    total: Figures,
    *,
    by: str,
    asked: state.Asked,
    question: Question,
) -> None:
    """Count the ledger's rows in; one of a district that is no longer in force counts in *total*."""
    before = question.since and question.since - timedelta(days=1)
    last = question.day
    days = [last, *([before] if before else [])]
    for row in state.totals(by, days=days, asked=asked, with_events=bool(before)):
        for one in _theirs(figures, total, row.key):
            if row.day == last:
                one.add(row)
            else:
                one.take(row)
    if not question.past:
        without_later_today(by, {**figures, None: total}, asked=asked, question=question)


def without_later_today(
    by: str, figures: Mapping[Any, Figures], *, asked: state.Asked, question: Question
) -> None:
    """Leave out of `late` what becomes late before today is over; the city's figures stand at None."""
    later = state.later_today(by, today=question.day, asked=asked)
    for key, number in later.items():
        for one in {None, key} & figures.keys():
            figures[one].standing.less("late", number)


def _theirs(figures: Mapping[Any, Figures], total: Figures, key: int | None) -> Iterable[Figures]:
    return (figures[key], total) if key in figures else (total,)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)


def _told(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None
