"""A batch of the demo city into the tables, as the app itself would have written it."""

import numpy as np
from numpy.random import Generator

from gis_app import columns
from gis_app.columns import NULL
from gis_app.demo import words
from gis_app.demo.batch import Batch
from gis_app.demo.world import World
from gis_app.distortions.models import Distortion, Report, Source, new_token
from gis_app.distortions.status import Status
from gis_app.distortions.steps import Step, StepText
from gis_app.treatment.life_rows import (
    Subjects,
    distortion_columns,
    reserve_numbers,
    step_columns,
)
from gis_app.treatment.lives import NOBODY, Lives

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
    """Writes batches one after another; *until* is the last moment."""

    def __init__(self, world: World, *, until: float, rng: Generator):
        self.world = world
        self.until = until
        self.rng = rng
        self.prefixes = np.array([district.amana.prefix for district in world.districts])
        self.districts = np.array([district.pk for district in world.districts])
        self.elements = np.array([element.pk for element in world.elements])

    def write(self, batch: Batch) -> None:
        """Append the distortions of *batch*, their reports and their steps."""
        cases = batch.cases
        subjects = Subjects(
            columns.reserve_keys(Distortion, len(cases)),
            self.districts[cases.district],
            self.elements[cases.element],
        )
        self._write_distortions(batch, subjects)
        self._write_reports(batch, subjects.distortion)
        for chosen, lives in batch.lives:
            for row in range(len(lives.states)):
                self._write_steps(batch, subjects, chosen, lives, row)

    def _write_distortions(self, batch: Batch, subjects: Subjects) -> None:
        cases, world = batch.cases, self.world
        keys, merged = subjects.distortion, batch.status_now() == Status.MERGED
        private = np.array([element.is_private for element in world.elements])[cases.element]
        columns.copy(
            Distortion,
            distortion_columns(subjects, batch, columns.geometries(cases.shape), private)
            | {
                "number": self._numbers("distortion_serial", cases.district, cases.first_at),
                "severity": columns.wholes(world.levels.severity[cases.element]),
                "source": cases.source.tolist(),
                "reports_count": columns.counts(batch.reports_counted()),
                "supporters_count": columns.counts(batch.reports_counted()),
                "merged_into_id": columns.wholes(np.where(merged, keys[cases.survivor], NOBODY)),
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

    def _write_steps(self, batch: Batch, subjects: Subjects, chosen, lives: Lives, row) -> None:
        """Write the step *row* of each of *lives* that got so far; row 0 is the report."""
        told = step_columns(lives, row, subjects.of(chosen), batch.cases.of(chosen))
        got = lives.happened(row)
        case, at = chosen[got], lives.at[row][got]
        count = len(case)
        move = lives.moves[row - 1] if row else "report"
        keys = subjects.distortion
        into = keys[batch.cases.survivor[case]] if move == "merge" else np.full(count, NOBODY)
        columns.copy(
            Step,
            told
            | {
                "recorded_at": columns.moments(
                    self._recorded(at) if row else batch.opened_at[case]
                ),
                "by_id": columns.wholes(
                    self._made_by(move, count) if row else batch.opened_by[case]
                ),
                "cost": self._costs(batch, case) if move == "treat" else columns.same(NULL, count),
                "into_id": columns.wholes(into),
            },
        )
        self._write_texts(move, told["id"])

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

    def _numbers(self, series: str, district, at: np.ndarray, *, letter: str = "") -> list[str]:
        return reserve_numbers(
            series, prefixes=self.prefixes[district].tolist(), at=at, letter=letter
        )

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
