"""Which lives the rows of a file tell of: the moves that lead to their status, and when."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gis_app.distortions.status import Status
from gis_app.imports.reasons import Reason, Sieve
from gis_app.treatment.lives import Moves

# The moves to each status, and where the file tells when they were made.
ROADS: dict[str, Moves] = {
    Status.REPORTED: (),
    Status.ACCEPTED: ("accept",),
    Status.ASSIGNED: ("accept", "assign"),
    Status.IN_PROGRESS: ("accept", "assign", "start"),
    Status.TREATED: ("accept", "assign", "start", "treat"),
    Status.VERIFIED: ("accept", "assign", "start", "treat", "verify"),
    Status.REJECTED: ("reject",),
    Status.REFERRED: ("refer",),
}
TOLD_AS = {
    "accept": "accepted",
    "assign": "assigned",
    "start": "started",
    "treat": "treated",
    "verify": "verified",
    "reject": "rejected",
    "refer": "referred",
}
CLOSING = (Status.TREATED, Status.VERIFIED, Status.REJECTED, Status.REFERRED)
WITH_TEAM = (Status.ASSIGNED, Status.IN_PROGRESS, Status.TREATED, Status.VERIFIED)

Moments = Mapping[str, np.ndarray]  # by their names in the mapping; NaN where nothing is told


@dataclass(frozen=True)
class Road:
    """Rows that went the same way: the moments of the report and of each move, one row each."""

    rows: np.ndarray
    moves: Moves
    at: np.ndarray

    def of(self, good: np.ndarray) -> "Road":
        """Those of its rows that are *good*."""
        kept = good[self.rows]
        return Road(self.rows[kept], self.moves, self.at[:, kept])


def status_by(moments: Moments, *, closed: str) -> np.ndarray:
    """Return how far each row got by the moments it has, where no column tells its status."""
    reached = {
        "accepted": Status.ACCEPTED,
        "assigned": Status.ASSIGNED,
        "started": Status.IN_PROGRESS,
        "closed": closed,
        "treated": Status.TREATED,
        "verified": Status.VERIFIED,
        "referred": Status.REFERRED,
        "rejected": Status.REJECTED,
    }
    status = np.full(len(moments["opened"]), Status.REPORTED.value, dtype=object)
    for name, end in reached.items():
        status[~np.isnan(moments[name])] = str(end)
    return status


def roads(status: np.ndarray, moments: Moments, sieve: Sieve, *, now: float) -> list[Road]:
    """Return the rows by the way they went; the *sieve* tells which are impossible.

    A move of which the file tells no moment came at once after the one before it. A start that it
    does not tell of was none, and a treatment is told by its closing, or by its verification.
    """
    sieve.settle(np.isnan(moments["opened"]), Reason.NO_OPENING)
    unstarted = np.isnan(moments["started"]) & np.isin(status, (Status.TREATED, Status.VERIFIED))
    found = []
    for end, moves in ROADS.items():
        for skips in {False, "treat" in moves}:
            rows = np.flatnonzero(sieve.good & (status == end) & (unstarted == skips))
            way = tuple(move for move in moves if move != "start" or not skips)
            road = Road(
                rows, way, _times(way, end, {name: at[rows] for name, at in moments.items()})
            )
            _check(road, end, sieve, now=now)
            found.append(road)
    return [road.of(sieve.good) for road in found]


def _times(moves: Moves, end: str, moments: Moments) -> np.ndarray:
    told = {move: moments[TOLD_AS[move]] for move in moves}
    if end in CLOSING:
        told[moves[-1]] = _or(told[moves[-1]], moments["closed"])
    if end == Status.VERIFIED:
        told["treat"] = _or(told["treat"], told["verify"])
    at = [moments["opened"]]
    for move in moves:
        is_end = end in CLOSING and move == moves[-1]
        at.append(told[move] if is_end else _or(told[move], at[-1]))
    return np.stack(at)


def _check(road: Road, end: str, sieve: Sieve, *, now: float) -> None:
    def settle(wrong: np.ndarray, reason: Reason, detail: str = "") -> None:
        rows = np.zeros(len(sieve.outcome), dtype=bool)
        rows[road.rows[wrong]] = True
        sieve.settle(rows, reason, [detail] * len(rows))

    settle(np.isnan(road.at[-1]), Reason.NO_END)
    settle(np.any(road.at > now, axis=0), Reason.FUTURE)
    if end in CLOSING:
        settle(road.at[-1] < road.at[0], Reason.CLOSED_EARLY)
    for number, move in enumerate(road.moves, start=1):
        before = "opened" if number == 1 else TOLD_AS[road.moves[number - 2]]
        early = road.at[number] < road.at[number - 1]
        settle(early, Reason.ORDER, f"{TOLD_AS[move]} < {before}")


def _or(told: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(told), otherwise, told)
