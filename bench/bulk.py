"""Work without HTTP: what the database takes for it, or the whole of it."""

from argparse import Namespace
from itertools import islice
from statistics import median, quantiles

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import Point
from django.db import connection

from bench.imports import imports
from bench.limit import overheard
from bench.pages import pages
from bench.places import Places
from bench.report import Table
from bench.variants import measure as servers
from gis_app.catalogue.models import Element
from gis_app.distortions import duplicates as likeness

ASKED = 200


def duplicates(asked: Namespace, headers: dict[str, str]) -> Table:
    """Return the database's time to find what a report may be about."""
    element = Element.objects.get(code="pothole")
    times, found = [], []
    for lon, lat in islice(Places().spots(), ASKED):
        place = Point(lon, lat, srid=likeness.crs.WGS84)
        with overheard() as said:
            found.append(len(likeness.likely(element, place, by=AnonymousUser(), accuracy_m=8)))
        times.append(sum(map(_database_ms, said)))
    p99 = quantiles(times, n=100)[98]
    figures = [f"{median(times):.3f}", f"{p99:.3f}", f"{sum(found) / ASKED:.1f}"]
    return Table(
        "Duplicates within the radius; ≤ 1 ms of database time",
        ["", "", "p50 ms", "p99 ms", "found, mean"],
        [["of one report", f"{ASKED} places", *figures]],
    )


def _database_ms(statement: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) " + statement)
        (plan,) = cursor.fetchone()[0]
    return plan["Planning Time"] + plan["Execution Time"]


# By name, each from the command line and a token's header to its table.
OTHERS = {"duplicates": duplicates, "import": imports, "pages": pages, "servers": servers}
