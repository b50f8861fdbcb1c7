"""What a chunk tells into the tables: distortions, reports and steps, as the app writes them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import connection
from django.utils import timezone

from gis_app import columns
from gis_app.columns import NULL
from gis_app.distortions.joining import passed_on
from gis_app.distortions.models import Contact, Distortion, Report, Step, StepText, new_token
from gis_app.distortions.recurrence import link_recurrences
from gis_app.imports.city import City
from gis_app.imports.reading import Told
from gis_app.places.queries import NOWHERE
from gis_app.treatment.life_rows import (
    Subjects,
    distortion_columns,
    reserve_numbers,
    step_columns,
)
from gis_app.treatment.lives import Cases, Histories, Lives, live
from gis_app.treatment.models import Visit

SPOKEN = {"reject": ("reason",), "refer": ("body",)}  # what a step's words tell, by its move


def districts_of(shapes: np.ndarray) -> np.ndarray:
    """Return the key of the district of each shape, NOWHERE outside the city."""
    places = enumerate(columns.geometries(shapes))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE import_place (row int, place geometry)")
        with cursor.copy("COPY import_place FROM STDIN") as sink:
            sink.write("".join(f"{row}\t{place}\n" for row, place in places))
        cursor.execute("SELECT rasd_district_of(place) FROM import_place ORDER BY row")
        found = [district or NOWHERE for (district,) in cursor]
        cursor.execute("DROP TABLE import_place")
    return np.array(found, dtype=np.int64)


@dataclass
class Landing:
    """What is told, with the lives and the keys that it has here."""

    told: Told
    severity: np.ndarray
    histories: Histories
    subjects: Subjects
    shapes: list[str]
    prefixes: list[str]

    def __len__(self) -> int:
        return len(self.shapes)


class Writer:
    """Writes chunks one after another, as by the account *by* at the moment *now*."""

    def __init__(self, city: City, *, source: str, by, now: datetime):
        self.city = city
        self.source = source
        self.by = str(by.pk) if by else NULL
        self.now = now.astimezone(UTC)

    def write(self, told: Told, district: np.ndarray) -> None:
        """Append all that is *told*, each in its *district* (a key)."""
        if not len(district):
            return
        landing = self._landing(told, district)
        self._write_distortions(landing)
        self._write_reports(landing)
        earlier = link_recurrences(landing.subjects.distortion.tolist())
        for chosen, lives in landing.histories.lives:
            for row in range(len(lives.states)):
                self._write_steps(landing, chosen, lives, row, earlier)

    def _landing(self, told: Told, district: np.ndarray) -> Landing:
        city = self.city
        first_at, begins = np.empty(len(district)), np.empty(len(district))
        for road in told.roads:
            first_at[road.rows] = road.at[0]
            begins[road.rows] = road.at[min(1, len(road.moves))]  # a promise, if there is one
        severity = city.levels.severity(told.element, first_at)
        promise = city.levels.promise(told.element, severity, begins)
        cases = Cases(
            first_at=first_at,
            reported_quantity=told.reported_quantity,
            quantity=told.treated_quantity,
            clock=promise.clock,
            working=promise.working,
            notice=promise.notice,
            team=told.team,
            other_team=told.team,
        )
        lives = [
            (road.rows, live(road.moves, road.at, cases.of(road.rows), clocks=city.clocks))
            for road in told.roads
        ]
        keys = columns.reserve_keys(Distortion, len(district))
        return Landing(
            told=told,
            severity=severity,
            histories=Histories(cases, lives),
            subjects=Subjects(keys, district, city.element_keys[told.element]),
            shapes=columns.geometries(told.shapes),
            prefixes=[city.amanas[key].prefix for key in district.tolist()],
        )

    def _write_distortions(self, landing: Landing) -> None:
        histories = landing.histories
        columns.copy(
            Distortion,
            distortion_columns(
                landing.subjects,
                histories,
                landing.shapes,
                self.city.is_private[landing.told.element],
            )
            | {
                "number": reserve_numbers(
                    "distortion_serial", prefixes=landing.prefixes, at=histories.cases.first_at
                ),
                "severity": columns.wholes(landing.severity),
                "source": columns.same(self.source, len(landing)),
                "reports_count": columns.same("1", len(landing)),
                "supporters_count": columns.same("1", len(landing)),
            },
        )

    def _write_reports(self, landing: Landing) -> None:
        told, subjects, count = landing.told, landing.subjects, len(landing)
        received_at = np.full(count, self.now.timestamp() // 1)
        identifiers = columns.uuids(count)
        distortions = columns.wholes(subjects.distortion)
        columns.copy(
            Report,
            {
                "id": identifiers,
                "number": reserve_numbers(
                    "report_serial", prefixes=landing.prefixes, at=received_at, letter="R"
                ),
                "distortion_id": distortions,
                "origin_id": distortions,
                "supporter": list(map(passed_on, identifiers, told.contacts)),
                "language": columns.same("ar", count),
                "element_id": columns.wholes(subjects.element),
                "geometry": landing.shapes,
                "observed_at": columns.moments(landing.histories.cases.first_at),
                "received_at": columns.moments(received_at),
                "quantity": columns.numbers(told.reported_quantity),
                "description": columns.texts(told.description),
                "place_note": columns.texts(told.place_note),
                "source": columns.same(self.source, count),
                "external_number": columns.texts(told.numbers),
                "by_id": columns.same(self.by, count),
                "track_token": [new_token() for _ in identifiers],
                "content_hash": columns.same("", count),
            },
        )
        reach = zip(identifiers, told.contacts, strict=True)
        Contact.objects.bulk_create(
            Contact(report_id=identifier, **contact) for identifier, contact in reach if contact
        )

    def _write_steps(
        self, landing: Landing, chosen, lives: Lives, row: int, earlier: dict[int, int]
    ) -> None:
        """Write the step *row* of *lives*, which are those of the *chosen*; row 0 is the report."""
        subjects, cases = landing.subjects.of(chosen), landing.histories.cases.of(chosen)
        step = step_columns(lives, row, subjects, cases)
        count = len(chosen)
        if row == 0:
            back = map(earlier.get, subjects.distortion.tolist())
            step["differences"] = [
                json.dumps({"recurrence_of": [None, key]} if key else {}) for key in back
            ]
        columns.copy(
            Step,
            step
            | {
                "recorded_at": columns.same(self.now.isoformat(), count),
                "by_id": columns.same(self.by, count),
            },
        )
        move = step["move"][0]
        if move in SPOKEN:
            words = {
                name: columns.texts(
                    [getattr(landing.told, name)[place] for place in chosen]
                    if name in SPOKEN[move]
                    else columns.same("", count)
                )
                for name in ("reason", "note", "body", "reference")
            }
            columns.copy(StepText, {"step_id": step["id"], **words})
        if move == "verify":
            self._plan_visits(step["id"], landing, chosen, lives.at[row])

    def _plan_visits(self, steps: list[str], landing: Landing, chosen, at: np.ndarray) -> None:
        """Plan the visits whose days are still to come. Nothing is drawn for a second check: whom
        it would check has done nothing here."""
        today = timezone.localdate(self.now)
        verified = zip(
            steps,
            landing.subjects.distortion[chosen].tolist(),
            landing.told.element[chosen].tolist(),
            at.tolist(),
            strict=True,
        )
        Visit.objects.bulk_create(
            Visit(distortion_id=distortion, verified_id=int(step), due_date=due)
            for step, distortion, element, moment in verified
            for days in self.city.visit_days[element]
            if (due := _day(moment) + timedelta(days=days)) >= today
        )


def _day(moment: float):
    return timezone.localdate(datetime.fromtimestamp(moment, UTC))
