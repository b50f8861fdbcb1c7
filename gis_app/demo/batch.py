"""A batch of distortions with their reports and lives, in columns, before it has numbers."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.random import Generator

from gis_app.demo import words
from gis_app.demo.cases import duplicates, new_cases
from gis_app.demo.clock import DAY, HOUR, in_working_hours
from gis_app.demo.lives import MERGE, PLANS, SPREAD, TYPICAL_DAYS, Cases, times
from gis_app.demo.world import World
from gis_app.distortions.models import Source
from gis_app.distortions.status import Status
from gis_app.treatment.lives import NOBODY, Histories, live

FURTHER_REPORTS = (0.68, 0.2, 0.08, 0.04)  # share of distortions with 0, 1, 2, 3 more reports
JOINS_WITHIN = 45 * DAY
JOINED_BY = (Source.RESIDENT, Source.BALADY, Source.CALL_940)
SENT_BY = {Source.FIELD: "inspector"} | dict.fromkeys(
    (Source.BALADY, Source.CALL_940, Source.WHATSAPP, Source.BODY), "triage"
)
DESCRIBED, PLACED, CLEARED = 0.6, 0.3, 0.9  # shares of reports


@dataclass
class Reports:
    """Reports in the order in which they came; `case` is the index of the distortion."""

    case: np.ndarray
    is_first: np.ndarray
    observed_at: np.ndarray
    received_at: np.ndarray
    shape: np.ndarray
    source: np.ndarray
    by: np.ndarray
    quantity: np.ndarray
    accuracy_m: np.ndarray
    description: np.ndarray
    place_note: np.ndarray
    text_cleared_at: np.ndarray


@dataclass
class Batch(Histories):
    cases: Cases
    reports: Reports

    def reports_counted(self) -> np.ndarray:
        """Return how many reports each distortion has: a merge has moved them to the survivor."""
        return np.bincount(self.survivors()[self.reports.case], minlength=len(self.cases))

    def survivors(self) -> np.ndarray:
        """Return what each distortion was merged into; itself when it was not."""
        itself = np.arange(len(self.cases))
        return np.where(self.status_now() == Status.MERGED, self.cases.survivor, itself)

    @cached_property
    def _openers(self) -> np.ndarray:
        """The row of each distortion's first report."""
        first = np.flatnonzero(self.reports.is_first)
        return first[np.argsort(self.reports.case[first])]

    @property
    def opened_at(self) -> np.ndarray:
        """When the server learned of each distortion."""
        return self.reports.received_at[self._openers]

    @property
    def opened_by(self) -> np.ndarray:
        return self.reports.by[self._openers]


def make_batch(
    world: World, first_at: np.ndarray, *, merged: int, until: float, zone: float, rng: Generator
) -> Batch:
    """Return distortions first reported at these times, and *merged* ones that double them."""
    cases = new_cases(world, first_at, rng)
    plan = rng.choice(
        len(PLANS), len(cases), p=np.array(list(PLANS.values())) / sum(PLANS.values())
    )
    lives = []
    busy_until = np.full(len(cases), np.inf)
    for number, moves in enumerate(PLANS):
        chosen = np.flatnonzero(plan == number)
        some = cases.of(chosen)
        at = times(moves, some, zone=zone, rng=rng)
        went = live(moves, at, some, clocks=world.levels.clocks, until=until)
        lives.append((chosen, went))
        busy_until[chosen] = went.left_the_open()
    doubles = duplicates(world, cases, np.minimum(busy_until, until), count=merged, rng=rng)
    wait = TYPICAL_DAYS["merge"] * DAY * rng.lognormal(0, SPREAD, merged)
    merged_at = np.minimum(
        in_working_hours(doubles.first_at + wait, zone), busy_until[doubles.survivor] - HOUR
    )
    at = np.stack([doubles.first_at, merged_at])
    went = live(MERGE, at, doubles, clocks=world.levels.clocks, until=until)
    lives.append((len(cases) + np.arange(merged), went))
    cases = cases.and_then(doubles)
    return Batch(cases, lives, _reports(world, cases, lives, until, rng))


def _reports(world: World, cases: Cases, lives, until: float, rng: Generator) -> Reports:
    end, accepted_at = np.empty(len(cases)), np.empty(len(cases))
    for chosen, went in lives:
        end[chosen] = np.minimum(went.left_the_open(), until)
        accepted_at[chosen] = went.first_time(lambda status: status == Status.ACCEPTED, np.nan)
    room = np.clip(end - HOUR - cases.first_at, 0, JOINS_WITHIN)
    more = np.where(room > 0, rng.choice(4, len(cases), p=FURTHER_REPORTS), 0)
    joined = np.repeat(np.arange(len(cases)), more)
    case = np.concatenate([np.arange(len(cases)), joined])
    is_first = np.arange(len(case)) < len(cases)
    later = np.floor(cases.first_at[joined] + rng.random(len(joined)) * room[joined])
    observed_at = np.concatenate([cases.first_at, later])
    source = np.concatenate([cases.source, rng.choice(JOINED_BY, len(joined)).astype(object)])
    by = np.array([world.staff.get(SENT_BY.get(one, ""), NOBODY) for one in source])
    received_at = np.minimum(observed_at + np.ceil(rng.exponential(200, len(case))), until)
    description = _descriptions(world, cases.element[case], rng)
    cleared = np.maximum(received_at, accepted_at[case])
    shown = (description != "") & (rng.random(len(case)) < CLEARED)
    rows = Reports(
        case=case,
        is_first=is_first,
        observed_at=observed_at,
        received_at=received_at,
        shape=np.concatenate([cases.shape, world.ground.shifted(cases.shape[joined], 8, rng)]),
        source=source,
        by=by,
        quantity=np.where(is_first, cases.reported_quantity[case], np.nan),
        accuracy_m=rng.lognormal(2.1, 0.6, len(case)).round(1),
        description=description,
        place_note=_some(words.PLACE_NOTES, len(case), PLACED, rng),
        text_cleared_at=np.where(by != NOBODY, received_at, np.where(shown, cleared, np.nan)),
    )
    order = np.argsort(received_at, kind="stable")
    return Reports(**{name: column[order] for name, column in vars(rows).items()})


def _descriptions(world: World, element: np.ndarray, rng: Generator) -> np.ndarray:
    written = np.full(len(element), "", dtype=object)
    for number, code in enumerate(world.codes):
        here = element == number
        texts = words.DESCRIPTIONS.get(code, words.ANY_DESCRIPTION)
        written[here] = _some(texts, here.sum(), DESCRIBED, rng)
    return written


def _some(texts, count: int, share: float, rng: Generator) -> np.ndarray:
    """Return one of *texts* for a *share* of the rows, "" for the others."""
    return np.where(rng.random(count) < share, rng.choice(texts, count), "").astype(object)
