"""What is asked for: boxes, tiles, rows and days of the city that is there; the same for the same seed."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from math import cos, log, pi, radians, tan

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Max, Min

from gis_app.distortions.models import Distortion
from gis_app.distortions.status import PUBLIC
from gis_app.layers import LAYERS

BOXES = 20
FURTHEST_ROW = 950_000
# The box around the nearest is wider than their circle: this many more features lie in it.
NEAREST = """
    SELECT ST_XMin(around), ST_YMin(around), ST_XMax(around), ST_YMax(around) FROM (
        SELECT ST_Extent(public_geometry) AS around FROM (
            SELECT public_geometry FROM distortions_distortion WHERE status = ANY (%s)
            ORDER BY public_geometry <-> (
                SELECT public_geometry FROM distortions_distortion WHERE id >= %s ORDER BY id LIMIT 1
            )
            LIMIT %s
        ) AS nearest
    ) AS found
"""
DENSEST = """
    SELECT avg(lon), avg(lat) FROM (
        SELECT ST_X(ST_Centroid(public_geometry)) AS lon, ST_Y(ST_Centroid(public_geometry)) AS lat
        FROM distortions_distortion TABLESAMPLE SYSTEM (least(100, 100.0 * 50000 / %s))
        REPEATABLE (1)
    ) AS sample
    GROUP BY round(lon::numeric, 3), round(lat::numeric, 3)
    ORDER BY count(*) DESC
    LIMIT 1
"""


class Places:
    """The questions of one city."""

    def __init__(self, *, seed: int = 1):
        self.dice = random.Random(seed)
        found = Distortion.objects.aggregate(first=Min("pk"), last=Max("pk"))
        self.keys = found["first"], found["last"]

    @cached_property
    def size(self) -> float:
        """About how many distortions there are."""
        return self.keys[1] - self.keys[0] + 1

    def boxes(self, features: int) -> list[dict[str, str]]:
        """Return boxes that hold about *features*, and most of them some more, where most lie."""
        with connection.cursor() as cursor:
            return [{"box": self._box(cursor, features)} for _ in range(BOXES)]

    def _box(self, cursor, features: int) -> str:
        cursor.execute(
            NEAREST, [list(PUBLIC), self.dice.randint(*self.keys), round(features * 0.9)]
        )
        return ",".join(f"{degrees:.7f}" for degrees in cursor.fetchone())

    @cached_property
    def densest(self) -> tuple[float, float]:
        """Return lon and lat of the place where most lies."""
        with connection.cursor() as cursor:
            cursor.execute(DENSEST, [self.size])
            return cursor.fetchone()

    def tile(self, zoom: int) -> list[dict[str, int]]:
        """Return the tile of *zoom* in which the densest place lies (the usual web scheme)."""
        lon, lat = self.densest
        across = 2**zoom
        north = log(tan(radians(lat)) + 1 / cos(radians(lat)))
        return [
            {
                "z": zoom,
                "x": int((lon + 180) / 360 * across),
                "y": int((1 - north / pi) / 2 * across),
            }
        ]

    def row(self) -> list[dict[str, object]]:
        """Return the row 950,000, or one near the end of a smaller city, and the cursor after it."""
        rows = LAYERS["distortions"].rows(AnonymousUser(), {})
        number = min(FURTHEST_ROW, int(0.85 * self.size)) // 50 * 50
        last = rows[number - 1]
        cursor = LAYERS["distortions"].cursor_at(last)
        return [{"row": number, "page": number // 50 + 1, "cursor": cursor}]

    def days(self) -> list[dict[str, str]]:
        """Return days of the past half year."""
        end = date.today()
        return [{"day": str(end - timedelta(days=9 * number))} for number in range(1, BOXES)]

    def spots(self) -> Iterator[tuple[float, float]]:
        """Yield lon and lat of where things were reported, for ever."""
        while True:
            start = self.dice.randint(*self.keys)
            some = Distortion.objects.filter(pk__gte=start, geometry__isnull=False).order_by("pk")
            for one in some.values_list("geometry", flat=True)[:200]:
                yield one.centroid.coords
