"""Several distortions that one team treats together: made once, and visited on a short way."""

from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID, uuid5

import numpy as np
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.distortions.models import Distortion
from gis_app.distortions.record import in_turn, next_number, record_step
from gis_app.errors import Forbidden, Refused
from gis_app.geo import crs
from gis_app.language import clean_text
from gis_app.treatment.actions import NoSuchDistortion, make_move
from gis_app.treatment.bulk import checked, lock
from gis_app.treatment.models import Job, Team
from gis_app.treatment.queries import AT_WORK
from gis_app.treatment.workflow import MOVES

MOST_STOPS = 25  # of one job: a day's work, and what one form can bring photos for


@transaction.atomic
def make_job(
    *, numbers: Sequence[str], team: str, id: UUID, by, title: str = "", due_date=None
) -> tuple[Job, bool]:
    """Give *numbers* to the team of that code as one job; return it, and whether it is new.

    What is not assigned yet is assigned. All of them or nothing: one that cannot be is named
    in the refusal. The same *id* again is the same job.
    """
    if by.role not in MOVES["assign"].by:
        raise Forbidden
    in_turn(id)
    known = Job.objects.filter(uuid=id).first()
    if known:
        return known, False
    numbers = checked(numbers, most=MOST_STOPS)
    found = {row.number: row for row in lock(numbers)}
    wrong: list[object] = []
    for number in numbers:
        try:
            with transaction.atomic():
                _give(found.get(number), team, id=uuid5(id, number), by=by, due_date=due_date)
        except Refused as refusal:
            wrong.append(f"{number}: {refusal.in_full()}")
    if wrong:
        raise Refused(_("Nothing was made: some of them cannot join."), fields={"numbers": wrong})
    now = timezone.now()
    rows = lock(numbers)
    prefix = rows[0].district.amana.prefix
    job = Job.objects.create(
        uuid=id,
        number=next_number("job_serial", prefix=prefix, at=now, letter="J"),
        title=clean_text(title, field="title", limit=120),
        team=Team.objects.get(code=team),
        by=by,
        created_at=now,
    )
    for row in rows:
        record_step(row, move="group", by=by, at=now, job=job)
    return job, True


def _give(distortion: Distortion | None, team: str, *, id: UUID, by, due_date) -> None:
    """Assign *distortion* to the team, unless the team has it already."""
    if distortion is None:
        raise NoSuchDistortion
    if distortion.team and distortion.team.code == team and distortion.status in AT_WORK:
        if not Distortion.objects.in_scope_of(by).filter(pk=distortion.pk).exists():
            raise Forbidden
        return
    make_move("assign", number=distortion.number, id=id, by=by, team=team, due_date=due_date)


def jobs_of(user) -> QuerySet[Job]:
    """Return the jobs that *user* works on, the newest first, with `stops` and what is `left`."""
    theirs = Distortion.objects.in_scope_of(user).filter(job=OuterRef("pk"))
    return (
        Job.objects.filter(Exists(theirs))
        .select_related("team", "by")
        .annotate(stops=_how_many(), left=_how_many(status__in=AT_WORK))
        .order_by("-pk")
    )


def _how_many(**of) -> Coalesce:
    # Counted for the jobs that are shown; a join would count the stops of all there ever were.
    rows = Distortion.objects.filter(job=OuterRef("pk"), **of)
    counted = rows.order_by().values("job").annotate(rows=Count("*")).values("rows")
    return Coalesce(Subquery(counted), 0)


def unfinished(user) -> QuerySet[Job]:
    """Return the jobs that *user* works on of which something is left to treat."""
    theirs = Distortion.objects.in_scope_of(user).filter(job=OuterRef("pk"))
    left = Distortion.objects.filter(job=OuterRef("pk"), status__in=AT_WORK)
    return Job.objects.filter(Exists(theirs), Exists(left))


def stops_of(job: Job, user) -> QuerySet[Distortion]:
    """Return what *job* holds of the scope of *user*, described."""
    rows = Distortion.objects.in_scope_of(user).filter(job=job).described()
    return rows.select_related("element", "district__amana").order_by("number")


def on_the_way(stops: Sequence[Distortion]) -> tuple[list[Distortion], float]:
    """Return *stops* as they are best visited, and the metres between them in straight lines.

    From each the nearest that is left; of all beginnings the one that makes the way shortest.
    """
    if not stops:
        return [], 0
    places = [stop.geometry.point_on_surface for stop in stops]
    apart = np.array([[crs.metres_between(here, there) for there in places] for here in places])
    ways = [_way_from(start, apart) for start in range(len(stops))]
    best = min(ways, key=lambda way: _length(way, apart))
    return [stops[index] for index in best], _length(best, apart)


def _way_from(start: int, apart: np.ndarray) -> list[int]:
    way, left = [start], set(range(len(apart))) - {start}
    while left:
        nearest = min(left, key=lambda index: (apart[way[-1], index], index))
        way.append(nearest)
        left.remove(nearest)
    return way


def _length(way: list[int], apart: np.ndarray) -> float:
    return float(sum(apart[here, there] for here, there in pairwise(way)))
