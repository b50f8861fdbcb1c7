"""What stands in the streets at the end of a day: how large it is, and for how long."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils import timezone

from gis_app.catalogue.models import IndexFormula
from gis_app.distortions.as_of import end_of
from gis_app.distortions.models import Distortion, Step
from gis_app.distortions.status import STANDING
from gis_app.patience import within
from gis_app.progress.index_question import Weighed

MOST_SECONDS = 10  # for a past day, which costs the more the longer ago it is
# An unknown quantity is of the usual size.
LOADS = """
    SELECT district, element, severity, status,
           sum(size * least(days, %s)), sum(size * least(days, %s))
    FROM (
        SELECT standing.*,
               least(greatest(coalesce(quantity / usual.quantity_of_one, 1), %s), %s) AS size,
               greatest(date_part('epoch', %s - first_reported_at) / 86400, 0) AS days
        FROM ({rows}) AS standing (
            district, element, severity, status, quantity, first_reported_at
        )
        JOIN unnest(%s::bigint[], %s::float[]) AS usual (key, quantity_of_one)
            ON usual.key = standing.element
    ) AS sized
    GROUP BY district, element, severity, status
"""


@dataclass(frozen=True)
class Load:
    """Σ size × days standing of what a district has of one element, severity and status.

    *days* are capped as was asked, *days_in_force* as the formula says.
    """

    district: int
    element: int
    severity: int
    status: str
    days: float
    days_in_force: float


def loads(
    past: date | None, *, formula: IndexFormula, cap_days: int, elements: Iterable[Weighed]
) -> list[Load]:
    """Return the loads of today or of a *past* day.

    Only what stands is read, and of a past day the steps since then. Severity is told as it is now:
    no step keeps it.
    """
    rows = _now() if past is None else _at_the_end_of(past)
    sql, params = rows.query.sql_with_params()
    usual = {element.key: element.usual_quantity for element in elements}
    with within(MOST_SECONDS) if past else nullcontext(), connection.cursor() as cursor:
        cursor.execute(
            LOADS.format(rows=sql),
            [
                *(cap_days, formula.cap_days, formula.least_size, formula.most_size),
                end_of(past or timezone.localdate()),
                *params,
                *(list(usual), list(usual.values())),
            ],
        )
        return [Load(*row) for row in cursor.fetchall()]


def _now() -> QuerySet:
    return (
        Distortion.objects.filter(status__in=STANDING)
        .order_by()
        .values_list("district", "element", "severity", "status", "quantity", "first_reported_at")
    )


def _at_the_end_of(day: date) -> QuerySet:
    """What has not moved since *day* stands as it did; of all else the first step since tells."""
    since = Step.objects.filter(day__gt=day)
    unmoved = _now().filter(~Exists(since.filter(distortion=OuterRef("pk"))))
    first = since.order_by().values("distortion").annotate(first=Min("pk")).values("first")
    moved = Step.objects.filter(pk__in=first, from_status__in=STANDING).order_by()
    return unmoved.union(
        moved.values_list(
            "from_district",
            "from_element",
            "distortion__severity",
            "from_status",
            "from_quantity",
            "distortion__first_reported_at",
        ),
        all=True,
    )
