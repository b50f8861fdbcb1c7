"""A batch of the demo city into the tables, as the app itself would have written it."""

import numpy as np
from numpy.random import Generator

from gis_app.demo import rows, words
from gis_app.demo.batch import Batch
from gis_app.demo.clock import HOUR
from gis_app.demo.lives import NOBODY, Lives, State, quantity
from gis_app.demo.rows import NULL
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
        keys = rows.reserve_keys(Distortion, len(batch.cases))
        self._write_distortions(batch, keys)
        self._write_reports(batch, keys)
        for chosen, lives in batch.lives:
            for row in range(len(lives.states)):
                self._write_steps(batch, keys, chosen, lives, row)

    def _write_distortions(self, batch: Batch, keys: np.ndarray) -> None:
        cases, world = batch.cases, self.world
        status = batch.status_now()
        private = np.array([element.is_private for element in world.elements])[cases.element]
        shapes = rows.geometries(cases.shape)
        rows.copy(
            Distortion,
            {
                "id": rows.wholes(keys),
                "number": self._numbers("distortion_serial", cases.district, cases.first_at),
                "element_id": rows.wholes(self.elements[cases.element]),
                "district_id": rows.wholes(self.districts[cases.district]),
                "geometry": shapes,
                "public_geometry": _public(shapes, private),
                "is_private": np.where(private, "t", "f").tolist(),
                "status": status.tolist(),
                "severity": rows.wholes(world.levels.severity[cases.element]),
                "source": cases.source.tolist(),
                "reported_quantity": rows.numbers(batch.now("reported_quantity", np.nan)),
                "treated_quantity": rows.numbers(batch.now("treated_quantity", np.nan)),
                "reports_count": rows.counts(batch.reports_counted()),
                "supporters_count": rows.counts(batch.reports_counted()),
                "team_id": rows.wholes(batch.now("team", NOBODY)),
                "merged_into_id": rows.wholes(
                    np.where(status == Status.MERGED, keys[cases.survivor], NOBODY)
                ),
                "first_reported_at": rows.moments(cases.first_at),
                "due_at": rows.moments(batch.now("due_at", np.nan)),
                "notice_until": rows.moments(batch.now("notice_until", np.nan)),
                "clock_from": rows.moments(batch.now("clock_from", np.nan)),
                "treated_at": rows.moments(batch.now("treated_at", np.nan)),
                "verified_at": rows.moments(batch.now("verified_at", np.nan)),
                "pause_reason": rows.same("", len(keys)),
                "paused_seconds": rows.same("0", len(keys)),
                "version": rows.wholes(batch.steps_counted()),
            },
        )

    def _write_reports(self, batch: Batch, keys: np.ndarray) -> None:
        reports, cases = batch.reports, batch.cases.of(batch.reports.case)
        numbers = self._numbers("report_serial", cases.district, reports.received_at, letter="R")
        identifiers = rows.uuids(len(numbers))
        external = [number.partition("R")[2] for number in numbers]
        rows.copy(
            Report,
            {
                "id": identifiers,
                "number": numbers,
                "distortion_id": rows.wholes(keys[batch.survivors()[reports.case]]),
                "origin_id": rows.wholes(keys[reports.case]),
                "supporter": identifiers,
                "language": rows.same("ar", len(numbers)),
                "element_id": rows.wholes(self.elements[cases.element]),
                "geometry": rows.geometries(reports.shape),
                "observed_at": rows.moments(reports.observed_at),
                "received_at": rows.moments(reports.received_at),
                "accuracy_m": rows.numbers(reports.accuracy_m),
                "quantity": rows.numbers(reports.quantity),
                "description": reports.description.tolist(),
                "place_note": reports.place_note.tolist(),
                "text_cleared_at": rows.moments(reports.text_cleared_at),
                "source": reports.source.tolist(),
                "external_number": np.where(
                    np.isin(reports.source, UNNUMBERED), NULL, external
                ).tolist(),
                "by_id": rows.wholes(reports.by),
                "track_token": [new_token() for _ in numbers],
                "content_hash": rows.same("", len(numbers)),
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
        district = rows.wholes(self.districts[batch.cases.district[case]])
        element = rows.wholes(self.elements[batch.cases.element[case]])
        nothing = rows.same(NULL, count)
        step_keys = rows.wholes(rows.reserve_keys(Step, count))
        into = keys[batch.cases.survivor[case]] if move == "merge" else np.full(count, NOBODY)
        rows.copy(
            Step,
            {
                "id": step_keys,
                "distortion_id": rows.wholes(keys[case]),
                "uuid": rows.uuids(count),
                "move": rows.same(move, count),
                "at": rows.moments(at),
                "recorded_at": rows.moments(self._recorded(at) if row else batch.opened_at[case]),
                "day": rows.days(at + self.zone),
                "by_id": rows.wholes(self._made_by(move, count) if row else batch.opened_by[case]),
                "from_team_id": rows.wholes(before["team"]) if before else nothing,
                "team_id": rows.wholes(after["team"]),
                "from_status": rows.same(lives.statuses[row - 1] if row else "", count),
                "to_status": rows.same(lives.statuses[row], count),
                "from_district_id": district if before else nothing,
                "to_district_id": district,
                "from_element_id": element if before else nothing,
                "to_element_id": element,
                "from_quantity": rows.numbers(quantity(before)) if before else nothing,
                "to_quantity": rows.numbers(quantity(after)),
                "due_at": rows.moments(after["due_at"]),
                "from_late_at": self._late_at(lives.statuses[row - 1], before)
                if before
                else nothing,
                "late_at": self._late_at(lives.statuses[row], after),
                "hours": rows.numbers((at - batch.cases.first_at[case]) / HOUR)
                if move == "treat"
                else nothing,
                "cost": self._costs(batch, case) if move == "treat" else nothing,
                "into_id": rows.wholes(into),
                "differences": rows.same("{}", count),
                "content_hash": rows.same("", count),
            },
        )
        self._write_texts(move, step_keys)

    def _late_at(self, status: str, state: State) -> list[str]:
        """Return from when on they are late in that *status*: nobody's work is paused here."""
        if status not in OPEN:
            return rows.same(NULL, len(state["due_at"]))
        return rows.moments(state["due_at"])

    def _write_texts(self, move: str, steps: list[str]) -> None:
        """Give the reasons that a move needs, or the body to which it was referred."""
        count = len(steps)
        nothing = rows.same("", count)
        reason, body, reference = nothing, nothing, nothing
        if move in words.REASONS:
            reason = self.rng.choice(words.REASONS[move], count).tolist()
        elif move == "refer":
            body = self.rng.choice(words.BODIES, count).tolist()
            reference = [str(number) for number in self.rng.integers(10_000, 100_000, count)]
        else:
            return
        texts = {"reason": reason, "note": nothing, "body": body, "reference": reference}
        rows.copy(StepText, {"step_id": steps, **texts})

    def _numbers(self, serial: str, district, at: np.ndarray, *, letter: str = "") -> list[str]:
        """Return numbers such as TF-26-000123, in the order of *at*."""
        rank = np.argsort(np.argsort(at, kind="stable"))
        serials = rows.reserve(serial, len(at)) + rank
        years = (at + self.zone).astype("datetime64[s]").astype("datetime64[Y]").astype(int) + 1970
        columns = (self.prefixes[district].tolist(), (years % 100).tolist(), serials.tolist())
        return [
            f"{prefix}-{year:02d}-{letter}{number:06d}"
            for prefix, year, number in zip(*columns, strict=True)
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
