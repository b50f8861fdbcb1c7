"""Which lives the distortions of the demo have, and how long they wait for each move."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from gis_app.demo.clock import DAY, in_working_hours
from gis_app.treatment import lives
from gis_app.treatment.lives import Moves

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
class Cases(lives.Cases):
    """What the demo knows of its distortions beside what every life needs."""

    district: np.ndarray  # index into the world's districts
    element: np.ndarray  # index into the world's elements
    place: np.ndarray  # lon, lat
    heading: np.ndarray  # of the street, radians north of east
    shape: np.ndarray  # the geometry
    source: np.ndarray
    promise: np.ndarray  # about as much as is promised, by every day's time
    reopen: np.ndarray  # seconds in which it can be reopened
    stall: np.ndarray  # the move that is put off for long, if any
    survivor: np.ndarray  # index of what it is merged into, or -1


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
