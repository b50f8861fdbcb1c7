"""What stands in the streets at the end of a day: how large it is, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from gis_app.catalogue.models import IndexFormula
from gis_app.distortions.as_of import end_of
from gis_app.distortions.status import STANDING
from gis_app.patience import bounded
from gis_app.progress.index_question import Weighed

NOW = """
    SELECT district_id, element_id, severity, status, quantity, first_reported_at
    FROM distortions_distortion AS distortion
    WHERE status = ANY(%(standing)s)
"""
# What has not moved since then stands as it did; of all else the first step since tells.
BEFORE = f"""
    WITH since AS MATERIALIZED (
        SELECT DISTINCT ON (distortion_id)
               distortion_id, from_district_id, from_element_id, from_status, from_quantity
        FROM distortions_step WHERE day > %(day)s
        ORDER BY distortion_id, id
    )
    {NOW} AND NOT EXISTS (SELECT FROM since WHERE since.distortion_id = distortion.id)
    UNION ALL
    SELECT from_district_id, from_element_id, severity, from_status, from_quantity,
           first_reported_at
    FROM since JOIN distortions_distortion AS distortion ON distortion.id = distortion_id
    WHERE from_status = ANY(%(standing)s)
"""
# An unknown quantity is of the usual size.
LOADS = """
    SELECT district, element, severity, status,
           sum(size * least(days, %(cap)s)), sum(size * least(days, %(cap_in_force)s))
    FROM (
        SELECT standing.*,
               least(greatest(coalesce(quantity / usual.one, 1), %(least)s), %(most)s) AS size,
               greatest(date_part('epoch', %(end)s - first_reported_at) / 86400, 0) AS days
        FROM ({rows}) AS standing (
            district, element, severity, status, quantity, first_reported_at
        )
        JOIN unnest(%(elements)s::bigint[], %(usual)s::float[]) AS usual (key, one)
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
    past: date | None, *, formula: IndexFormula, cap_days: int, elements: Sequence[Weighed]
) -> list[Load]:
    """Return the loads of today or of a *past* day.

    Only what stands is read, and of a past day the steps since then. Severity is told as it is now:
    no step keeps it.
    """
    params = {
        "standing": list(STANDING),
        "day": past,
        "end": end_of(past or timezone.localdate()),
        "cap": cap_days,
        "cap_in_force": formula.cap_days,
        "least": formula.least_size,
        "most": formula.most_size,
        "elements": [element.key for element in elements],
        "usual": [element.usual_quantity for element in elements],
    }
    # A past day costs the more the longer ago it is.
    with bounded(when=past is not None), connection.cursor() as cursor:
        cursor.execute(LOADS.format(rows=BEFORE if past else NOW), params)
        return [Load(*row) for row in cursor.fetchall()]
