"""The only writer of a distortion's status, district and element."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from django.utils import timezone

from gis_app.catalogue.models import Element
from gis_app.distortions.content import plain
from gis_app.distortions.models import Distortion
from gis_app.distortions.status import OPEN
from gis_app.distortions.steps import Step, StepText
from gis_app.geo import crs
from gis_app.geo.prepared import ask
from gis_app.places.models import Amana, District

MOST_NORTHERN = 33  # degrees of latitude in the Kingdom: there a metre is the most degrees
AFTER = {"team_id", "late_at"}  # their columns bear no "to": a step's team is the one after it
# What a step has a column for; of everything else its `differences` tell.
IN_COLUMNS = {
    "status", "district", "element", "treated_quantity", "reported_quantity",
    "team", "due_at", "merged_into",
}  # fmt: skip

# The series that a new distortion takes its number and its keys from.
OPENING = ("distortion_serial", "distortions_distortion_id_seq", "distortions_step_id_seq")

# One step for many, as record_step would write each. *there* is 0 for what is outside now.
REASSIGN = """
    WITH astray AS MATERIALIZED (
        SELECT distortion.id, distortion.district_id AS here,
            coalesce(rasd_district_of(distortion.geometry), 0) AS there
        FROM distortions_distortion AS distortion
        JOIN places_district AS district ON district.id = distortion.district_id
        WHERE distortion.id BETWEEN %(first)s AND %(last)s AND district.amana_id = %(amana)s
            -- Only near what was redrawn anything can have changed; the rest is not looked up.
            AND CASE WHEN (
                district.code = ANY (%(redrawn)s)
                OR EXISTS (
                    SELECT FROM places_districtversion AS version
                    JOIN places_district AS other ON other.id = version.district_id
                    WHERE other.code = ANY (%(redrawn)s) AND version.valid_to IS NULL
                        AND version.boundary && ST_Expand(distortion.geometry, %(gap)s)
                )
            ) THEN coalesce(rasd_district_of(distortion.geometry), 0) <> distortion.district_id END
            AND NOT EXISTS (
                SELECT FROM distortions_step AS by_hand
                WHERE by_hand.distortion_id = distortion.id AND by_hand.move = 'correct'
                    AND by_hand.from_district_id <> by_hand.to_district_id
            )
        FOR UPDATE OF distortion
    ),
    moved AS (
        UPDATE distortions_distortion AS distortion
        SET district_id = astray.there, version = distortion.version + 1
        FROM astray
        WHERE distortion.id = astray.id AND astray.there <> 0
        RETURNING distortion.*, astray.here,
            CASE WHEN distortion.paused_at IS NULL AND distortion.status = ANY (%(open)s)
            THEN distortion.due_at END AS late_at
    ),
    told AS (
        INSERT INTO distortions_step (
            distortion_id, uuid, move, at, recorded_at, day, by_id, from_team_id, team_id,
            from_status, to_status, from_district_id, to_district_id, from_element_id,
            to_element_id, from_quantity, to_quantity, due_at, from_late_at, late_at,
            differences, content_hash
        )
        SELECT id, gen_random_uuid(), 'reassign', %(at)s, %(at)s,
            greatest(%(day)s, (
                SELECT step.day FROM distortions_step AS step
                WHERE step.distortion_id = moved.id ORDER BY step.id DESC LIMIT 1
            )),
            %(by)s, team_id, team_id, status, status, here, district_id, element_id, element_id,
            quantity, quantity, due_at, late_at, late_at, '{}', ''
        FROM moved
    )
    SELECT count(*) FILTER (WHERE there <> 0), count(*) FILTER (WHERE there = 0) FROM astray
"""


def next_number(series: str, *, prefix: str, at: datetime, letter: str = "") -> str:
    """Return the next number of *series*, such as TF-26-000123. Gaps are harmless."""
    return number_of(*next_serials(series), prefix=prefix, at=at, letter=letter)


def next_serials(*series: str) -> tuple[int, ...]:
    """Return the next serial of each of the *series*."""
    return ask(f"SELECT {', '.join('nextval(%s)' for _ in series)}", series)


def number_of(serial: int, *, prefix: str, at: datetime, letter: str = "") -> str:
    """Return the number that *serial* makes."""
    return f"{prefix}-{timezone.localtime(at):%y}-{letter}{serial:06d}"


def in_turn(identifier: object) -> None:
    """Let whatever else in this moment bears the same *identifier* wait for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(identifier)])


def public_place(geometry: GEOSGeometry, *, is_private: bool) -> GEOSGeometry:
    """Return what the public may know of *geometry*."""
    return crs.coarse(geometry.point_on_surface) if is_private else geometry


def new_distortion(
    *, by, at: datetime, serials: Sequence[int], element: Element, district: District, **facts
) -> tuple[Distortion, Step]:
    """Return a distortion with its first step, from nothing to `reported`; *serials* are of OPENING.

    Neither is stored yet: they go in with the report that opens them.
    """
    serial, key, key_of_step = serials
    distortion = Distortion(
        pk=key,
        number=number_of(serial, prefix=district.amana.prefix, at=at),
        element=element,
        district=district,
        first_reported_at=at,
        **facts,
    )
    recurrence = distortion.recurrence_of_id
    step = _step(
        distortion,
        pk=key_of_step,
        move="report",
        by=by,
        at=at,
        before=None,
        day=timezone.localdate(at),
        differences={"recurrence_of": [None, recurrence]} if recurrence else {},
    )
    return distortion, step


@transaction.atomic(savepoint=False)
def record_step(
    distortion: Distortion,
    *,
    move: str,
    by,
    at: datetime,
    uuid: UUID | None = None,
    text: dict[str, str] | None = None,
    cost=None,
    into: Distortion | None = None,
    content_hash: str = "",
    differences: dict[str, list[Any]] | None = None,
    **changes: Any,
) -> Step:
    """Apply *changes* to a locked *distortion* and append the step that tells of them.

    *differences* adds to the step what changed beside the row: {aspect: [before, after]}.
    """
    before = _state(distortion)
    differences = _differences(distortion, changes) | (differences or {})
    for name, value in changes.items():
        setattr(distortion, name, value)
    distortion.version += 1
    distortion.save(update_fields=[*changes, "version"])
    last_day = distortion.steps.values_list("day", flat=True).latest("pk")
    step = _step(
        distortion,
        move=move,
        by=by,
        at=at,
        # A telephone that was without signal tells late what happened early: days only go forward.
        day=max(timezone.localdate(at), last_day),
        hours=_hours(distortion, at) if move == "treat" else None,
        before=before,
        uuid=uuid,
        cost=cost,
        into=into,
        differences=differences,
        content_hash=content_hash,
    )
    step.save(force_insert=True)
    if text and any(text.values()):
        StepText.objects.create(step=step, **text)
    return step


@transaction.atomic(savepoint=False)
def record_reassigned(
    *, amana: Amana, redrawn: list[str], keys: range, by, at: datetime
) -> tuple[int, int]:
    """Give what lies in another district now that one, by a step each; *keys* are of distortions.

    *redrawn* are the codes of the districts whose boundaries are new. What somebody corrected by
    hand stays where they put it. Returns how many moved, and how many lie in no district now:
    they keep the one they had.
    """
    asked: dict[str, Any] = {
        "amana": amana.pk,
        "redrawn": redrawn,
        "gap": crs.degrees(2 * amana.gap_metres, lat=MOST_NORTHERN),  # the outline changes too
        "first": keys.start,
        "last": keys.stop - 1,
        "open": list(OPEN),
        "at": at,
        "day": timezone.localdate(at),
        "by": _staff_key(by),
    }
    with connection.cursor() as cursor:
        cursor.execute(REASSIGN, asked)
        return cursor.fetchone()


def _staff_key(by) -> int | None:
    # A resident stands with her report, where she can be erased: steps are for ever.
    return by.pk if by and by.is_authenticated and by.is_city_staff else None


def _state(distortion: Distortion) -> dict[str, Any]:
    treated, reported = distortion.treated_quantity, distortion.reported_quantity
    return {
        "status": distortion.status,
        "district_id": distortion.district_id,
        "element_id": distortion.element_id,
        "quantity": reported if treated is None else treated,
        "team_id": distortion.team_id,
        "late_at": None
        if distortion.paused_at or distortion.status not in OPEN
        else distortion.due_at,
    }


def _hours(distortion: Distortion, at: datetime) -> float:
    """Return the hours from the first report until *at*, night and day."""
    return max(at - distortion.first_reported_at, timedelta()) / timedelta(hours=1)


def _differences(distortion: Distortion, changes: dict[str, Any]) -> dict[str, list[Any]]:
    """Return {aspect: [before, after]} of those *changes* that a step has no column for."""
    told = {
        name: [plain(getattr(distortion, name)), plain(value)]
        for name, value in changes.items()
        if name not in IN_COLUMNS
    }
    return {name: pair for name, pair in told.items() if pair[0] != pair[1]}


def _step(distortion, *, before: dict[str, Any] | None, by, uuid=None, **facts) -> Step:
    after = _state(distortion)
    return Step(
        distortion=distortion,
        uuid=uuid or uuid4(),
        recorded_at=timezone.now(),
        by_id=_staff_key(by),
        due_at=distortion.due_at,
        **{f"from_{name}": value for name, value in (before or {}).items()},
        **{name if name in AFTER else f"to_{name}": value for name, value in after.items()},
        **facts,
    )
