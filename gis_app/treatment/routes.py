"""Which team the routing rules choose, and what they would have chosen in the past."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from gis_app.distortions.models import Distortion, Step
from gis_app.registers.kept import Kept
from gis_app.treatment.routing import RoutingRule

DAYS_OF_A_WEEK = 7
MOST_PAST = 20_000  # distortions that one test looks back on


class Facts(NamedTuple):
    """What a rule asks of a distortion, and the moment of its acceptance in Riyadh."""

    element: int
    district: int
    severity: int
    source: str
    at: datetime


class Past(NamedTuple):
    """An accepted distortion of the past, and the team that it was first assigned to, if any."""

    facts: Facts
    team: int | None


@dataclass
class Taken:
    """What one rule would have taken of the past."""

    rule: RoutingRule
    taken: int = 0
    same: int = 0  # went to its team in fact
    never: int = 0  # were never assigned
    others: Counter = field(default_factory=Counter)  # to which other teams the rest went, by key

    @property
    def changed(self) -> int:
        """How many would have gone to another team than they did."""
        return self.others.total()


class Condition:
    """A rule's conditions, read once for many distortions. An empty one fits everything."""

    def __init__(self, rule: RoutingRule):
        self.rule = rule
        self.elements = frozenset(row.pk for row in rule.elements.all())
        self.districts = frozenset(row.pk for row in rule.districts.all())
        self.sources = frozenset(rule.sources)
        self.weekdays = frozenset(rule.weekdays)
        self.place = (rule.position, rule.pk)

    def fits(self, facts: Facts) -> bool:
        return (
            facts.severity >= self.rule.least_severity
            and (not self.elements or facts.element in self.elements)
            and (not self.districts or facts.district in self.districts)
            and (not self.sources or facts.source in self.sources)
            and self._fits_hour(facts.at)
        )

    def takes_all_of(self, other: "Condition") -> bool:
        """Whether nothing is left for *other*, when this one is asked first."""
        return (
            self.rule.least_severity <= other.rule.least_severity
            and _holds(self.elements, other.elements)
            and _holds(self.districts, other.districts)
            and _holds(self.sources, other.sources)
            and _holds(self.weekdays, other.weekdays)
            and self._hours in (None, other._hours)
        )

    @property
    def _hours(self) -> tuple[time, time] | None:
        begin, end = self.rule.from_time, self.rule.to_time
        return (begin, end) if begin and end else None

    def _fits_hour(self, at: datetime) -> bool:
        """Whether *at* is in the hours of one of the weekdays.

        Hours past midnight belong to the day on which they began.
        """
        day = (at.weekday() + 1) % DAYS_OF_A_WEEK  # Python begins with Monday, the city with Sunday
        if self._hours:
            begin, end = self._hours
            clock = at.time()
            if begin < end:
                is_in = begin <= clock < end
            else:
                is_in = clock >= begin or clock < end
                day = (day - 1) % DAYS_OF_A_WEEK if clock < end else day
            if not is_in:
                return False
        return not self.weekdays or day in self.weekdays


def _holds(these: frozenset, those: frozenset) -> bool:
    """Whether *these* hold all of *those*; none means all."""
    return not these or (bool(those) and those <= these)


def route(distortion: Distortion, *, at: datetime) -> RoutingRule | None:
    """Return the first live rule that fits *distortion*, accepted at that moment."""
    facts = Facts(
        distortion.element_id,
        distortion.district_id,
        distortion.severity,
        distortion.source,
        timezone.localtime(at),
    )
    return _first_that_fits(conditions(distortion.district.amana_id), facts)


def conditions(amana_id: int, *, and_draft: RoutingRule | None = None) -> list[Condition]:
    """Return the live rules of an amana in their order, *and_draft* among them."""
    rules = [condition for condition in _live() if condition.rule.amana_id == amana_id]
    if and_draft:
        others = [condition for condition in rules if condition.rule != and_draft]
        rules = sorted([*others, Condition(and_draft)], key=lambda condition: condition.place)
    return rules


@Kept
def _live() -> list[Condition]:
    """The live rules of all amanas."""
    rows = RoutingRule.objects.filter(is_live=True, team__is_active=True)
    rows = rows.select_related("team").prefetch_related("elements", "districts")
    return [Condition(rule) for rule in rows]


def _first_that_fits(rules: Iterable[Condition], facts: Facts) -> RoutingRule | None:
    return next((condition.rule for condition in rules if condition.fits(facts)), None)


def try_on_past(rules: Sequence[Condition], past: Iterable[Past]) -> tuple[list[Taken], int]:
    """Return what each rule would have taken of *past*, and how many none would have taken."""
    found = {condition.rule: Taken(condition.rule) for condition in rules}
    untaken = 0
    for facts, team in past:
        rule = _first_that_fits(rules, facts)
        if rule is None:
            untaken += 1
            continue
        took = found[rule]
        took.taken += 1
        if team is None:
            took.never += 1
        elif team == rule.team_id:
            took.same += 1
        else:
            took.others[team] += 1
    return list(found.values()), untaken


def accepted_past(amana_id: int, *, days: int) -> list[Past]:
    """Return what was reported in the last *days* and accepted: the newest, MOST_PAST at most."""
    steps = Step.objects.filter(distortion=OuterRef("pk")).order_by("pk")
    rows: QuerySet = (
        Distortion.objects.filter(
            district__amana=amana_id,
            first_reported_at__gte=timezone.now() - timedelta(days=days),
        )
        .annotate(
            accepted_at=Subquery(steps.filter(move="accept").values("at")[:1]),
            first_team=Subquery(steps.filter(move="assign").values("team")[:1]),
        )
        .filter(accepted_at__isnull=False)
        .newest_first()
        .values_list("element", "district", "severity", "source", "accepted_at", "first_team")[
            :MOST_PAST
        ]
    )
    return [
        Past(Facts(element, district, severity, source, timezone.localtime(at)), team)
        for element, district, severity, source, at, team in rows
    ]
