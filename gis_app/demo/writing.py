"""A batch of the demo city into the tables, as the app itself would have written it."""

import numpy as np
from numpy.random import Generator

from gis_app import columns
from gis_app.columns import NULL
from gis_app.demo import words
from gis_app.demo.batch import Batch
from gis_app.demo.clock import HOUR
from gis_app.demo.lives import NOBODY, Lives, State, quantity
from gis_app.demo.world import World
from gis_app.distortions.models import Distortion, Report, Source, new_token
from gis_app.distortions.record import public_place
from gis_app.distortions.status import OPEN, Status
from gis_app.distortions.steps import Step, StepText
from gis_app.geo import crs

MADE_BY = {
    "start": "crew",
    "treat": "crew",
    "give_back": "crew",
    "verify": "verifier",
    "send_back": "verifier",
    "reopen": "verifier",
}  # all other moves are the desk's
ENTERED_AFTER_S = 150  # on average, from a move until the server learns of it
UNNUMBERED = [Source.RESIDENT, Source.FIELD]  # all other sources give their reports a number


class Writer:
    """Writes batches one after another; *zone* is seconds east of UTC, *until* the last moment."""

    def __init__(self, world: World, *, until: float, zone: float, rng: Generator):
        self.world = world
        self.until = until
        self.zone = zone
        self.rng = rng
        self.prefixes = np.array([district.amana.prefix for district in world.districts])
        self.districts = np.array([district.pk for district in world.districts])
        self.elements = np.array([element.pk for element in world.elements])

    def write(self, batch: Batch) -> None:
        """Append the distortions of *batch*, their reports and their steps."""
        keys = columns.reserve_keys(Distortion, len(batch.cases))
        self._write_distortions(batch, keys)
        self._write_reports(batch, keys)
        for chosen, lives in batch.lives:
            for row in range(len(lives.states)):
                self._write_steps(batch, keys, chosen, lives, row)

    def _write_distortions(self, batch: Batch, keys: np.ndarray) -> None:
        cases, world = batch.cases, self.world
        status = batch.status_now()
        private = np.array([element.is_private for element in world.elements])[cases.element]
        shapes = columns.geometries(cases.shape)
        columns.copy(
            Distortion,
            {
                "id": columns.wholes(keys),
                "number": self._numbers("distortion_serial", cases.district, cases.first_at),
                "element_id": columns.wholes(self.elements[cases.element]),
                "district_id": columns.wholes(self.districts[cases.district]),
                "geometry": shapes,
                "public_geometry": _public(shapes, private),
                "is_private": np.where(private, "t", "f").tolist(),
                "status": status.tolist(),
                "severity": columns.wholes(world.levels.severity[cases.element]),
                "source": cases.source.tolist(),
                "reported_quantity": columns.numbers(batch.now("reported_quantity", np.nan)),
                "treated_quantity": columns.numbers(batch.now("treated_quantity", np.nan)),
                "reports_count": columns.counts(batch.reports_counted()),
                "supporters_count": columns.counts(batch.reports_counted()),
                "team_id": columns.wholes(batch.now("team", NOBODY)),
                "merged_into_id": columns.wholes(
                    np.where(status == Status.MERGED, keys[cases.survivor], NOBODY)
                ),
                "first_reported_at": columns.moments(cases.first_at),
                "due_at": columns.moments(batch.now("due_at", np.nan)),
                "notice_until": columns.moments(batch.now("notice_until", np.nan)),
                "clock_from": columns.moments(batch.now("clock_from", np.nan)),
                "treated_at": columns.moments(batch.now("treated_at", np.nan)),
                "verified_at": columns.moments(batch.now("verified_at", np.nan)),
                "pause_reason": columns.same("", len(keys)),
                "paused_seconds": columns.same("0", len(keys)),
                "version": columns.wholes(batch.steps_counted()),
            },
        )

    def _write_reports(self, batch: Batch, keys: np.ndarray) -> None:
        reports, cases = batch.reports, batch.cases.of(batch.reports.case)
        numbers = self._numbers("report_serial", cases.district, reports.received_at, letter="R")
        identifiers = columns.uuids(len(numbers))
        external = [number.partition("R")[2] for number in numbers]
        columns.copy(
            Report,
            {
                "id": identifiers,
                "number": numbers,
                "distortion_id": columns.wholes(keys[batch.survivors()[reports.case]]),
                "origin_id": columns.wholes(keys[reports.case]),
                "supporter": identifiers,
                "language": columns.same("ar", len(numbers)),
                "element_id": columns.wholes(self.elements[cases.element]),
                "geometry": columns.geometries(reports.shape),
                "observed_at": columns.moments(reports.observed_at),
                "received_at": columns.moments(reports.received_at),
                "accuracy_m": columns.numbers(reports.accuracy_m),
                "quantity": columns.numbers(reports.quantity),
                "description": reports.description.tolist(),
                "place_note": reports.place_note.tolist(),
                "text_cleared_at": columns.moments(reports.text_cleared_at),
                "source": reports.source.tolist(),
                "external_number": np.where(
                    np.isin(reports.source, UNNUMBERED), NULL, external
                ).tolist(),
                "by_id": columns.wholes(reports.by),
                "track_token": [new_token() for _ in numbers],
                "content_hash": columns.same("", len(numbers)),
            },
        )

    def _write_steps(self, batch: Batch, keys, chosen, lives: Lives, row: int) -> None:
        """Write the step *row* of each of *lives* that got so far; row 0 is the report."""
        got = lives.happened(row)
        case, at = chosen[got], lives.at[row][got]
        count = len(case)
        move = lives.moves[row - 1] if row else "report"
        after = lives.state(row, got)
        before = lives.state(row - 1, got) if row else None
        district = columns.wholes(self.districts[batch.cases.district[case]])
        element = columns.wholes(self.elements[batch.cases.element[case]])
        nothing = columns.same(NULL, count)
        step_keys = columns.wholes(columns.reserve_keys(Step, count))
        into = keys[batch.cases.survivor[case]] if move == "merge" else np.full(count, NOBODY)
        columns.copy(
            Step,
            {
                "id": step_keys,
                "distortion_id": columns.wholes(keys[case]),
                "uuid": columns.uuids(count),
                "move": columns.same(move, count),
                "at": columns.moments(at),
                "recorded_at": columns.moments(
                    self._recorded(at) if row else batch.opened_at[case]
                ),
                "day": columns.days(at + self.zone),
                "by_id": columns.wholes(
                    self._made_by(move, count) if row else batch.opened_by[case]
                ),
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
                "from_late_at": self._late_at(lives.statuses[row - 1], before)
                if before
                else nothing,
                "late_at": self._late_at(lives.statuses[row], after),
                "hours": columns.numbers((at - batch.cases.first_at[case]) / HOUR)
                if move == "treat"
                else nothing,
                "cost": self._costs(batch, case) if move == "treat" else nothing,
                "into_id": columns.wholes(into),
                "differences": columns.same("{}", count),
                "content_hash": columns.same("", count),
            },
        )
        self._write_texts(move, step_keys)

    def _late_at(self, status: str, state: State) -> list[str]:
        """Return from when on they are late in that *status*: nobody's work is paused here."""
        if status not in OPEN:
            return columns.same(NULL, len(state["due_at"]))
        return columns.moments(state["due_at"])

    def _write_texts(self, move: str, steps: list[str]) -> None:
        """Give the reasons that a move needs, or the body to which it was referred."""
        count = len(steps)
        nothing = columns.same("", count)
        reason, body, reference = nothing, nothing, nothing
        if move in words.REASONS:
            reason = self.rng.choice(words.REASONS[move], count).tolist()
        elif move == "refer":
            body = self.rng.choice(words.BODIES, count).tolist()
            reference = [str(number) for number in self.rng.integers(10_000, 100_000, count)]
        else:
            return
        texts = {"reason": reason, "note": nothing, "body": body, "reference": reference}
        columns.copy(StepText, {"step_id": steps, **texts})

    def _numbers(self, serial: str, district, at: np.ndarray, *, letter: str = "") -> list[str]:
        """Return numbers such as TF-26-000123, in the order of *at*."""
        rank = np.argsort(np.argsort(at, kind="stable"))
        serials = columns.reserve(serial, len(at)) + rank
        years = (at + self.zone).astype("datetime64[s]").astype("datetime64[Y]").astype(int) + 1970
        parts = (self.prefixes[district].tolist(), (years % 100).tolist(), serials.tolist())
        return [
            f"{prefix}-{year:02d}-{letter}{number:06d}"
            for prefix, year, number in zip(*parts, strict=True)
        ]

    def _recorded(self, at: np.ndarray) -> np.ndarray:
        entered = at + np.ceil(self.rng.exponential(ENTERED_AFTER_S, len(at)))
        return np.minimum(entered, self.until)

    def _made_by(self, move: str, count: int) -> np.ndarray:
        return np.full(count, self.world.staff.get(MADE_BY.get(move, "triage"), NOBODY))

    def _costs(self, batch: Batch, case: np.ndarray) -> list[str]:
        """Return what treating cost, in SAR."""
        prices = [
            words.RIYALS_A_UNIT.get(code, words.ANY_RIYALS_A_UNIT) for code in self.world.codes
        ]
        price = np.array(prices)[batch.cases.element[case]]
        cost = batch.cases.quantity[case] * price * self.rng.lognormal(0, 0.25, len(case))
        return [f"{riyals:.2f}" for riyals in cost.round().tolist()]


def _public(shapes: list[str], private: np.ndarray) -> list[str]:
    """Return what the public may know of *shapes*: coarse where they are private."""
    shown = list(shapes)
    for row in np.flatnonzero(private):
        exact = crs.stored(bytes.fromhex(shapes[row]))
        shown[row] = public_place(exact, is_private=True).hexewkb.decode()
    return shown
