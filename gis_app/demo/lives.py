"""Whole lives of distortions, in columns: which moves, when, and what each of them changed.

The effects are those of gis_app/treatment/effects.py, for thousands of distortions at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.random import Generator

from gis_app.catalogue.clock import Clock
from gis_app.demo.clock import DAY, end_of_day, in_working_hours
from gis_app.distortions.status import UNDER_WAY, Status
from gis_app.treatment.workflow import MOVES

NOBODY = 0  # in columns of ids
State = dict[str, np.ndarray]
Moves = tuple[str, ...]

_TREATED = ("assign", "start", "treat", "verify")
PLANS: dict[Moves, float] = {
    ("accept", *_TREATED): 62,
    ("accept", "assign", "treat", "verify"): 8,
    ("accept", "correct", *_TREATED): 3,
    ("accept", "assign", "give_back", *_TREATED): 4,
    ("accept", "assign", "start", "treat", "send_back", "start", "treat", "verify"): 8,
    ("accept", *_TREATED, "reopen", *_TREATED): 4,
    ("reject",): 6,
    ("reject", "reopen", *_TREATED): 0.5,
    ("refer",): 2.5,
    ("accept", "refer"): 1,
    ("refer", "return", *_TREATED): 1,
}
MERGE: Moves = ("merge",)

TYPICAL_DAYS = {
    "accept": 2.4, "reject": 2.4, "refer": 2.8, "correct": 0.2, "give_back": 0.5,
    "send_back": 1.5, "verify": 1.6, "reopen": 6, "return": 9, "merge": 1,
}  # fmt: skip
TYPICAL_SHARE_OF_PROMISE = {"assign": 0.14, "start": 0.18, "treat": 0.3}
SPREAD = 0.8  # of the logarithm of a wait
STALLS = {"assign": 0.25, "start": 0.26, "treat": 0.33, "verify": 0.16}
STALLED_DAYS = 420


@dataclass
class Cases:
    """What is known of some distortions when they are reported, one column each."""

    first_at: np.ndarray
    district: np.ndarray  # index into the world's districts
    element: np.ndarray  # index into the world's elements
    place: np.ndarray  # lon, lat
    heading: np.ndarray  # of the street, radians north of east
    shape: np.ndarray  # the geometry
    source: np.ndarray
    quantity: np.ndarray  # as it really is
    reported_quantity: np.ndarray
    clock: np.ndarray  # index of the clock that the promise runs by
    working: np.ndarray  # seconds of working time that are promised
    promise: np.ndarray  # about as much, by every day's time
    notice: np.ndarray  # seconds that the owner has before
    reopen: np.ndarray  # seconds in which it can be reopened
    stall: np.ndarray  # the move that is put off for long, if any
    team: np.ndarray
    other_team: np.ndarray  # that gets it when the first gave it back
    survivor: np.ndarray  # index of what it is merged into, or -1

    def __len__(self) -> int:
        return len(self.first_at)

    def of(self, chosen: np.ndarray) -> "Cases":
        return Cases(**{column.name: getattr(self, column.name)[chosen] for column in fields(self)})

    def and_then(self, more: "Cases") -> "Cases":
        names = [column.name for column in fields(self)]
        return Cases(
            **{name: np.concatenate([getattr(self, name), getattr(more, name)]) for name in names}
        )


@dataclass
class Lives:
    """The same moves of several distortions: row 0 is the report, row i the i-th move."""

    moves: Moves
    statuses: list[str]  # after each row
    at: np.ndarray
    states: list[State]
    last: np.ndarray  # the row that has happened last

    def happened(self, row: int) -> np.ndarray:
        return row <= self.last

    def state(self, row: int, chosen: np.ndarray) -> State:
        """Return the columns of the *chosen* lives after the step *row*."""
        return {name: column[chosen] for name, column in self.states[row].items()}

    def now(self, name: str) -> np.ndarray:
        """Return the column *name* as the last step left it."""
        return np.stack([state[name] for state in self.states])[
            self.last, np.arange(len(self.last))
        ]

    def status_now(self) -> np.ndarray:
        return np.array(self.statuses, dtype=object)[self.last]

    def first_time(self, wanted: Callable[[str], bool], otherwise: float) -> np.ndarray:
        """Return when a status that is *wanted* was first reached."""
        for row, status in enumerate(self.statuses):
            if wanted(status):
                return np.where(self.happened(row), self.at[row], otherwise)
        return np.full(len(self.last), otherwise)

    def left_the_open(self) -> np.ndarray:
        """Return when nothing could join them any more; infinite when it still can."""
        return self.first_time(lambda status: status not in UNDER_WAY, np.inf)


def live(
    moves: Moves,
    at: np.ndarray,
    cases: Cases,
    *,
    clocks: list[Clock],
    until: float,
    zone: float,
) -> Lives:
    """Return the lives of *cases* by *moves* at the times *at*, as far as they got *until* then."""
    statuses, states = [Status.REPORTED.value], [_reported(cases)]
    for row, move in enumerate(moves, start=1):
        changes = EFFECTS[move](states[-1], at[row], cases, moves[: row - 1])
        if "began_at" in changes:
            changes |= _promised(cases, changes.pop("began_at"), clocks, zone)
        statuses.append(str(MOVES[move].end or statuses[-1]))
        states.append(states[-1] | changes)
    return Lives(moves, statuses, at, states, (at <= until).sum(axis=0) - 1)


def _promised(cases: Cases, at: np.ndarray, clocks: list[Clock], zone: float) -> State:
    """Return what treatment.promise.begin promises."""
    has_notice = cases.notice > 0
    notice_until = np.where(has_notice, end_of_day(at + cases.notice, zone), np.nan)
    clock_from = np.where(has_notice, notice_until, at)
    due_at = np.empty(len(cases))
    for number, clock in enumerate(clocks):
        here = cases.clock == number
        due_at[here] = clock.due_column(clock_from[here].astype(np.int64), cases.working[here])
    return {"notice_until": notice_until, "clock_from": clock_from, "due_at": due_at}


def _reported(cases: Cases) -> State:
    unknown = np.full(len(cases), np.nan)
    nobody = np.zeros(len(cases), dtype=np.int64)
    return {
        "team": nobody,
        "due_at": unknown,
        "notice_until": unknown,
        "clock_from": unknown,
        "treated_at": unknown,
        "verified_at": unknown,
        "reported_quantity": cases.reported_quantity,
        "treated_quantity": unknown,
    }


def quantity(state: State) -> np.ndarray:
    """Return the treated quantity, else the reported one."""
    return np.where(
        np.isnan(state["treated_quantity"]), state["reported_quantity"], state["treated_quantity"]
    )


# Times


def times(moves: Moves, cases: Cases, *, zone: float, rng: Generator) -> np.ndarray:
    """Return when each of *moves* happens, in working hours; row 0 is the report."""
    at = [cases.first_at]
    for number, move in enumerate(moves):
        wait = _wait(move, cases) * rng.lognormal(0, SPREAD, len(cases))
        stalled = (cases.stall == move) & (move not in moves[:number])
        wait += np.where(stalled, rng.exponential(STALLED_DAYS * DAY, len(cases)), 0)
        if move == "start":  # once the owner's time is over
            wait += np.where(cases.notice > 0, cases.notice + DAY, 0)
        if move == "reopen" and "verify" in moves[:number]:
            wait = np.minimum(wait, 0.7 * cases.reopen)
        at.append(in_working_hours(at[-1] + wait, zone))
    return np.stack(at)


def _wait(move: str, cases: Cases) -> np.ndarray:
    if move in TYPICAL_SHARE_OF_PROMISE:
        return TYPICAL_SHARE_OF_PROMISE[move] * cases.promise
    return np.full(len(cases), TYPICAL_DAYS[move] * DAY)


# Effects


def _nothing(state, at, cases, earlier) -> State:
    return {}


def _accept(state, at, cases, earlier) -> State:
    begins = {"began_at": at} if np.isnan(state["due_at"]).all() else {}
    return begins | {"team": np.zeros_like(state["team"])}


def _assign(state, at, cases, earlier) -> State:
    return {"team": cases.other_team if "give_back" in earlier else cases.team}


def _treat(state, at, cases, earlier) -> State:
    return {"treated_at": at, "treated_quantity": cases.quantity}


def _verify(state, at, cases, earlier) -> State:
    return {"verified_at": at}


def _send_back(state, at, cases, earlier) -> State:
    return {"treated_at": np.full_like(at, np.nan)}


def _reopen(state, at, cases, earlier) -> State:
    never = np.full_like(at, np.nan)
    return {
        "treated_at": never,
        "verified_at": never,
        "team": np.zeros_like(state["team"]),
        "began_at": at,
    }


def _let_go(state, at, cases, earlier) -> State:
    never = np.full_like(at, np.nan)
    ended = dict.fromkeys(("due_at", "notice_until", "clock_from"), never)
    return ended | {"team": np.zeros_like(state["team"])}


def _correct(state, at, cases, earlier) -> State:
    return {"reported_quantity": cases.quantity}


EFFECTS: dict[str, Callable[[State, np.ndarray, Cases, Sequence[str]], State]] = {
    "accept": _accept,
    "return": _accept,
    "give_back": _accept,
    "assign": _assign,
    "start": _nothing,
    "treat": _treat,
    "verify": _verify,
    "send_back": _send_back,
    "reopen": _reopen,
    "refer": _let_go,
    "merge": _let_go,
    "reject": _nothing,
    "correct": _correct,
}
