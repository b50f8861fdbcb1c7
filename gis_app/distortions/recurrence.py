"""What came back: treated, verified, and reported anew at the same place before long."""

from datetime import datetime
from typing import Any

from django.contrib.gis.db.backends.postgis.adapter import PostGISAdapter
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from gis_app.catalogue.models import Element
from gis_app.distortions.models import Distortion
from gis_app.geo import crs
from gis_app.geo.prepared import ask

# As `recurring_at`, for many at once. The inner question of both has but one good index: beside the
# days another looks better, and reads all that was verified in them. What became verified at the
# very moment is the earlier one by key.
LINK = """
    UPDATE distortions_distortion AS fresh
    SET recurrence_of_id = earlier.id
    FROM distortions_distortion AS again
    JOIN catalogue_element AS element ON element.id = again.element_id
    CROSS JOIN LATERAL (
        SELECT settled.id
        FROM (
            SELECT id, geometry, verified_at FROM distortions_distortion
            WHERE status = 'verified' AND element_id = again.element_id
                AND ST_DWithin(geometry, again.geometry, element.recurrence_metres * %(degrees)s
                    / cos(radians(ST_Y(ST_Centroid(again.geometry)))))
            OFFSET 0
        ) AS settled
        WHERE settled.verified_at >= again.first_reported_at
                - make_interval(days => element.recurrence_days)
            AND (settled.verified_at, settled.id) < (again.first_reported_at, again.id)
            AND ST_DistanceSphere(settled.geometry, again.geometry) <= element.recurrence_metres
        ORDER BY ST_DistanceSphere(settled.geometry, again.geometry), settled.verified_at DESC
        LIMIT 1
    ) AS earlier
    WHERE again.id = ANY(%(keys)s) AND fresh.id = again.id
    RETURNING fresh.id, earlier.id
"""

# Asked for each report, with a plan that is kept.
NEAREST = """
    SELECT id
    FROM (
        SELECT id, geometry, verified_at FROM distortions_distortion
        WHERE status = 'verified' AND element_id = %(element)s::bigint
            AND ST_DWithin(geometry, %(place)s, %(degrees)s)
        OFFSET 0
    ) AS settled
    WHERE verified_at BETWEEN %(at)s - make_interval(days => %(days)s::int) AND %(at)s
        AND ST_DistanceSphere(geometry, %(place)s) <= %(metres)s
    ORDER BY ST_DistanceSphere(geometry, %(place)s), verified_at DESC
    LIMIT 1
"""


def link_recurrences(keys: list[int]) -> dict[int, int]:
    """Link the new distortions of these *keys* to what has come back; return the keys of both.

    Their first steps have still to tell of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(LINK, {"keys": keys, "degrees": crs.degrees(1, lat=0)})
        return dict(cursor.fetchall())


def recurring_at(geometry: GEOSGeometry, *, element: Element, at: datetime) -> Distortion | None:
    """Return the verified distortion that has come back at *geometry* at that moment, or None.

    Of the same *element*, verified no longer before than the element's days and no farther than
    its metres, from shape to shape on a sphere: the nearest, of equally near ones the last verified.
    """
    asked: dict[str, Any] = {
        "element": element.pk,
        "at": at,
        "days": element.recurrence_days,
        "place": PostGISAdapter(geometry),
        "metres": element.recurrence_metres,
        "degrees": crs.degrees(element.recurrence_metres, lat=geometry.centroid.y),
    }
    found = ask(NEAREST, asked)
    return Distortion.objects.get(pk=found[0]) if found else None
