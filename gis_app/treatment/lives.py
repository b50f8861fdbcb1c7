"""Whole lives of distortions, in columns: which moves, when, and what each of them changed.

The effects are those of effects.py, for thousands of distortions at once. Times are seconds since
1970 in UTC, with NaN for what has not happened.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import product
from typing import NamedTuple, Self

import numpy as np

from gis_app.catalogue.clock import DAY_S, ZONE_S, Clock
from gis_app.distortions.status import UNDER_WAY, Status
from gis_app.treatment.workflow import MOVES

NOBODY = 0  # in columns of ids
State = dict[str, np.ndarray]
Moves = tuple[str, ...]


@dataclass
class Cases:
    """What is known of some distortions when they are reported, one column each."""

    first_at: np.ndarray
    reported_quantity: np.ndarray
    quantity: np.ndarray  # as it really is
    clock: np.ndarray  # index of the clock that the promise runs by
    working: np.ndarray  # seconds of working time that are promised
    notice: np.ndarray  # seconds that the owner has before
    team: np.ndarray
    other_team: np.ndarray  # that gets it when the first gave it back

    def __len__(self) -> int:
        return len(self.first_at)

    def of(self, chosen: np.ndarray) -> Self:
        return type(self)(
            **{column.name: getattr(self, column.name)[chosen] for column in fields(self)}
        )

    def and_then(self, more: Self) -> Self:
        names = [column.name for column in fields(self)]
        return type(self)(
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


class Clocks(NamedTuple):
    """The clocks that promises run by."""

    of_elements: Sequence[Clock]  # cases name them by index
    of_teams: Mapping[int, Clock] = {}  # by key, those of teams with hours of their own


@dataclass
class Histories:
    """Cases with their lives, each by the moves that it made."""

    cases: Cases
    lives: list[tuple[np.ndarray, Lives]]  # which of the cases, and how they went

    def now(self, name: str, otherwise: float) -> np.ndarray:
        """Return a column of the cases as their last steps left it."""
        column = np.full(len(self.cases), otherwise)
        for chosen, lives in self.lives:
            column[chosen] = lives.now(name)
        return column

    def status_now(self) -> np.ndarray:
        column = np.empty(len(self.cases), dtype=object)
        for chosen, lives in self.lives:
            column[chosen] = lives.status_now()
        return column

    def steps_counted(self) -> np.ndarray:
        counted = np.zeros(len(self.cases), dtype=int)
        for chosen, lives in self.lives:
            counted[chosen] = lives.last + 1
        return counted


def live(
    moves: Moves,
    at: np.ndarray,
    cases: Cases,
    *,
    clocks: Clocks,
    until: float = np.inf,
) -> Lives:
    """Return the lives of *cases* by *moves* at the times *at*, as far as they got *until* then."""
    statuses, states = [Status.REPORTED.value], [_reported(cases)]
    for row, move in enumerate(moves, start=1):
        before = states[-1]
        changes = EFFECTS[move](before, at[row], cases, moves[: row - 1])
        if "began_at" in changes:
            changes |= _promised(cases, changes.pop("began_at"), clocks)
        if move == "assign":
            changes["due_at"] = _handed_to(changes["team"], before, at[row], cases, clocks)
        statuses.append(str(MOVES[move].end or statuses[-1]))
        states.append(before | changes)
    return Lives(moves, statuses, at, states, (at <= until).sum(axis=0) - 1)


def _promised(cases: Cases, at: np.ndarray, clocks: Clocks) -> State:
    """Return what promise.begin promises."""
    has_notice = cases.notice > 0
    notice_until = np.where(has_notice, end_of_day(at + cases.notice), np.nan)
    clock_from = np.where(has_notice, notice_until, at)
    due_at = np.empty(len(cases))
    for number, clock in enumerate(clocks.of_elements):
        here = cases.clock == number
        due_at[here] = clock.due_column(clock_from[here].astype(np.int64), cases.working[here])
    return {"notice_until": notice_until, "clock_from": clock_from, "due_at": due_at}


def _handed_to(team, state: State, at: np.ndarray, cases: Cases, clocks: Clocks) -> np.ndarray:
    """Return what promise.handed_to returns: what is left runs in the hours of the *team*."""
    due_at = state["due_at"].copy()
    begins = np.maximum(at, state["clock_from"])
    pairs = product(enumerate(clocks.of_elements), clocks.of_teams.items())
    for (number, clock), (key, own) in pairs:
        here = np.flatnonzero((cases.clock == number) & (team == key) & (begins < due_at))
        start = begins[here].astype(np.int64)
        left = clock.elapsed_column(start, due_at[here].astype(np.int64))
        due_at[here] = np.where(left > 0, own.due_column(start, left), due_at[here])
    return due_at


def end_of_day(at: np.ndarray) -> np.ndarray:
    """Return the last second of the days in Riyadh in which *at* lies."""
    return np.floor((at + ZONE_S) / DAY_S) * DAY_S + DAY_S - 1 - ZONE_S


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
