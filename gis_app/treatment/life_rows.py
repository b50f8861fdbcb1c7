"""Whole lives as rows: the columns of distortions and steps, as the app itself would write them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from gis_app import columns
from gis_app.catalogue.clock import ZONE_S
from gis_app.columns import NULL
from gis_app.distortions.models import Step
from gis_app.distortions.record import public_place
from gis_app.distortions.status import OPEN
from gis_app.geo import crs
from gis_app.treatment.lives import NOBODY, Cases, Histories, Lives, State, quantity
from gis_app.treatment.promise import HOUR_S

Columns = dict[str, list[str]]
MOMENTS = ("notice_until", "clock_from", "treated_at", "verified_at")  # beside the promised one


@dataclass
class Subjects:
    """Which distortions some lives are of: primary keys, one column each."""

    distortion: np.ndarray
    district: np.ndarray
    element: np.ndarray

    def of(self, chosen: np.ndarray) -> Self:
        return type(self)(*(getattr(self, column.name)[chosen] for column in fields(self)))


def distortion_columns(
    subjects: Subjects, histories: Histories, shapes: list[str], private: np.ndarray
) -> Columns:
    """Return what follows from the *histories*, the *shapes* (hex EWKB) and which are *private*.

    The number, severity, source and how many reported it are the caller's to tell.
    """
    now = histories.now
    return {
        "id": columns.wholes(subjects.distortion),
        "element_id": columns.wholes(subjects.element),
        "district_id": columns.wholes(subjects.district),
        "geometry": shapes,
        "public_geometry": _public(shapes, private),
        "is_private": np.where(private, "t", "f").tolist(),
        "status": histories.status_now().tolist(),
        "reported_quantity": columns.numbers(now("reported_quantity", np.nan)),
        "treated_quantity": columns.numbers(now("treated_quantity", np.nan)),
        "team_id": columns.wholes(now("team", NOBODY)),
        "first_reported_at": columns.moments(histories.cases.first_at),
        **{name: columns.moments(now(name, np.nan)) for name in ("due_at", *MOMENTS)},
        "pause_reason": columns.same("", len(shapes)),
        "paused_seconds": columns.same("0", len(shapes)),
        "version": columns.wholes(histories.steps_counted()),
    }


def step_columns(lives: Lives, row: int, subjects: Subjects, cases: Cases) -> Columns:
    """Return the step *row* of each of *lives* that got so far; row 0 is the report.

    Who made it, when the server learned of it, and the rest are the caller's to tell.
    """
    got = lives.happened(row)
    at, these = lives.at[row][got], subjects.of(got)
    count = len(at)
    nothing = columns.same(NULL, count)
    move = lives.moves[row - 1] if row else "report"
    keys = columns.wholes(columns.reserve_keys(Step, count))
    district, element = columns.wholes(these.district), columns.wholes(these.element)
    after = lives.state(row, got)
    before = lives.state(row - 1, got) if row else None
    return {
        "id": keys,
        "distortion_id": columns.wholes(these.distortion),
        "uuid": columns.uuids(count),
        "move": columns.same(move, count),
        "at": columns.moments(at),
        "day": columns.days(at + ZONE_S),
        "from_team_id": columns.wholes(before["team"]) if before else nothing,
        "team_id": columns.wholes(after["team"]),
        "from_status": columns.same(lives.statuses[row - 1] if row else "", count),
        "to_status": columns.same(lives.statuses[row], count),
        "from_district_id": district if before else nothing,
        "to_district_id": district,
        "from_element_id": element if before else nothing,
        "to_element_id": element,
        "from_quantity": columns.numbers(quantity(before)) if before else nothing,
        "to_quantity": columns.numbers(quantity(after)),
        "due_at": columns.moments(after["due_at"]),
        "from_late_at": _late_at(lives.statuses[row - 1], before) if before else nothing,
        "late_at": _late_at(lives.statuses[row], after),
        "hours": columns.numbers((at - cases.first_at[got]) / HOUR_S)
        if move == "treat"
        else nothing,
        "differences": _differences(before, after) if before else columns.same("{}", count),
        "content_hash": columns.same("", count),
    }


def reserve_numbers(
    series: str, *, prefixes: Sequence[str], at: np.ndarray, letter: str = ""
) -> list[str]:
    """Take the next numbers of *series*, such as TF-26-000123, in the order of *at*."""
    rank = np.argsort(np.argsort(at, kind="stable"))
    serials = columns.reserve(series, len(at))[rank]
    years = (at + ZONE_S).astype("datetime64[s]").astype("datetime64[Y]").astype(int) + 1970
    return [
        f"{prefix}-{year:02d}-{letter}{number:06d}"
        for prefix, year, number in zip(
            prefixes, (years % 100).tolist(), serials.tolist(), strict=True
        )
    ]


def _differences(before: State, after: State) -> list[str]:
    """Return as JSON which of the moments changed that a step has no column for."""
    told = [
        _told(name, before[name], after[name])
        for name in MOMENTS
        if not np.array_equal(before[name], after[name], equal_nan=True)
    ]
    if not told:
        return columns.same("{}", len(after["due_at"]))
    return [f"{{{', '.join(filter(None, pairs))}}}" for pairs in zip(*told, strict=True)]


def _told(name: str, before: np.ndarray, after: np.ndarray) -> list[str]:
    pairs = zip(_as_json(before), _as_json(after), strict=True)
    return [f'"{name}": [{old}, {new}]' if old != new else "" for old, new in pairs]


def _as_json(moments: np.ndarray) -> list[str]:
    texts = np.datetime_as_string(moments.astype("datetime64[s]")).tolist()
    return ["null" if text == "NaT" else f'"{text}+00:00"' for text in texts]


def _late_at(status: str, state: State) -> list[str]:
    """Return from when on they are late in that *status*: nothing is paused in these lives."""
    if status not in OPEN:
        return columns.same(NULL, len(state["due_at"]))
    return columns.moments(state["due_at"])


def _public(shapes: list[str], private: np.ndarray) -> list[str]:
    """Return what the public may know of *shapes*: coarse where they are private."""
    shown = list(shapes)
    for row in np.flatnonzero(private):
        exact = crs.stored(bytes.fromhex(shapes[row]))
        shown[row] = public_place(exact, is_private=True).hexewkb.decode()
    return shown
