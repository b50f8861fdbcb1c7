"""How much of each district somebody looked at: where nobody was, 'no report' is not 'clean'.

Looked at is a square of 200 m in which something was reported, visited or treated. What is told is
of a whole district, never of a square: so everybody may know it. Boundaries are today's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.errors import Unreadable
from gis_app.places.models import GroundSquare, Sight
from gis_app.progress.asked import PLACES, districts, given, past_day, whole

MOST_DAYS = 3650
KNOWN = {"as_of", "days", *PLACES}

# One look into the index for each square and kind: it costs the same after ten years of reports.
LAST = """
    (SELECT max(day) FROM {sights} WHERE square = laid.square AND kind = '{kind}' AND day <= %s)
"""
LOOKED_AT = """
    SELECT district_id,
           count(*),
           count(*) FILTER (WHERE last >= %s),
           coalesce(sum(area_m2) FILTER (WHERE last >= %s), 0) / sum(area_m2),
           max(last),
           {counts}
    FROM (
        SELECT version.district_id, laid.area_m2, seen.*, greatest({kinds}) AS last
        FROM {squares} AS laid
        JOIN places_districtversion AS version ON version.id = laid.version_id
        CROSS JOIN LATERAL (SELECT {lasts} OFFSET 0) AS seen
        WHERE version.valid_to IS NULL
    ) AS square
    GROUP BY district_id
"""


@dataclass(frozen=True)
class Coverage:
    """Of one district: the *share* of its area, and how many of its squares; a part counts as one.

    *sources* are the squares by what was done there: report, visit, treat.
    """

    share: float
    cells: int
    looked_at: int
    last_looked_at: date | None
    sources: dict[str, int]

    @property
    def is_thin(self) -> bool:
        """Whether too little was looked at to compare the district with others."""
        return self.share < settings.RASD_COVERAGE_SHARE


def coverage(day: date, days: int | None = None) -> dict[int, Coverage]:
    """Return by the district's key what was looked at in the *days* that end with *day*.

    A district without a boundary in force is left out. RASD_COVERAGE_DAYS is the usual number.
    """
    first = day - timedelta(days=(days or settings.RASD_COVERAGE_DAYS) - 1)
    kinds = Sight.Kind.values
    sql = LOOKED_AT.format(
        counts=", ".join(f"count(*) FILTER (WHERE {kind} >= %s)" for kind in kinds),
        kinds=", ".join(kinds),
        lasts=", ".join(
            f"{LAST.format(sights=Sight._meta.db_table, kind=kind)} AS {kind}" for kind in kinds
        ),
        squares=GroundSquare._meta.db_table,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [first, first, *(first for _ in kinds), *(day for _ in kinds)])
        return {
            district: Coverage(
                min(share, 1.0), cells, looked_at, last, dict(zip(kinds, counts, strict=True))
            )
            for district, cells, looked_at, share, last, *counts in cursor.fetchall()
        }


def by_district(params: Mapping[str, str]) -> tuple[date, int, list[tuple[str, str, Coverage]]]:
    """Return the day, the number of days, and code, name and coverage of each district asked for.

    *params*: as_of, days, district, amana, sub_municipality; another one is Unreadable.
    """
    asked = given(params)
    wrong: dict[str, list[object]] = {
        name: [_("This filter is not known.")] for name in asked if name not in KNOWN
    }
    days = settings.RASD_COVERAGE_DAYS
    try:
        days = whole(asked["days"], most=MOST_DAYS) if "days" in asked else days
    except ValidationError as error:
        wrong["days"] = list(error.messages)
    if wrong:
        raise Unreadable(fields=wrong)
    day = past_day(asked) or timezone.localdate()
    seen = coverage(day, days)
    rows = districts(asked).values_list("pk", "code", "name")
    return day, days, [(code, name, seen[key]) for key, code, name in rows if key in seen]
