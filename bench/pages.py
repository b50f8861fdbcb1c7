"""Every page and list on the database as it is: median time, queries, size of the answer."""

from argparse import Namespace
from statistics import median
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from bench.report import Table
from gis_app.accounts.models import User
from gis_app.distortions.models import Distortion
from gis_app.places.models import District

RUNS = 5
DAY = "2026-06-30"
CITY = "bbox=40.30,21.18,40.52,21.36"
PUBLIC = [
    "/",
    "/?view=points",
    f"/map/clusters.json?{CITY}&zoom=12",
    "/map/clusters.json?bbox=40.40,21.26,40.42,21.28&zoom=16",
    "/map/districts.json",
    "/map/streets.json",
    "/list/",
    "/list/?element=pothole&status=verified",
    "/list/?q=001234",
    f"/list/?as_of={DAY}",
    "/list/events/",
    "/exports/distortions/",
    "/districts/",
    "/districts/{district}/",
    "/d/{case}/",
    "/report/",
    "/api/v1/distortions",
    "/api/v1/distortions?limit=1000",
    "/api/v1/distortions?bbox=40.40,21.26,40.42,21.28",
    "/api/v1/distortions/{case}",
    "/api/v1/districts",
    "/api/v1/districts/progress",
    f"/api/v1/districts/progress?as_of={DAY}",
    "/api/v1/districts/progress/table?by=element",
    "/api/v1/districts/progress/series",
    "/api/v1/districts/index",
    "/api/v1/districts/coverage",
    "/api/v1/steps",
    "/api/v1/parks",
    "/api/v1/kiosks",
]
STAFF = {
    "triage": [
        "/desk/",
        "/desk/{case}/",
        "/desk/{case}/history/",
        "/desk/jobs/",
        "/desk/follow-up/",
        "/desk/messages/",
    ],
    "verifier": ["/desk/"],
    "planner": [
        "/planner/",
        f"/planner/?as_of={DAY}",
        "/planner/period/",
        "/planner/period/?by=team",
        "/planner/lasting/",
        "/planner/index/",
    ],
}


def pages(asked: Namespace | None = None, headers: dict[str, str] | None = None) -> Table:
    """Return one row for each page and list, the public's first."""
    connection.cursor().execute("ANALYZE")
    case = Distortion.objects.filter(status="verified").latest("pk").number
    district = District.objects.order_by("code")[0].code
    with override_settings(DEBUG=False, SECURE_SSL_REDIRECT=False, ALLOWED_HOSTS=["*"]):
        rows = [told(Client(), address.format(case=case, district=district)) for address in PUBLIC]
        for username, addresses in STAFF.items():
            client = Client()
            client.force_login(User.objects.get(username=username))
            rows += [told(client, address.format(case=case), who=username) for address in addresses]
    head = ["address", "who", "status", "ms", "queries", "KB"]
    return Table(f"Pages; median of {RUNS} runs after one, ≤ 10 queries", head, rows)


def told(client: Client, address: str, *, who: str = "public") -> list[str]:
    """Return status, median milliseconds, queries and kilobytes of one address."""
    queries: list[str] = []
    with connection.execute_wrapper(lambda run, sql, *rest: queries.append(sql) or run(sql, *rest)):
        answer = client.get(address)
        size = len(b"".join(answer) if answer.streaming else answer.content)
    times = []
    for _ in range(RUNS):
        start = perf_counter()
        client.get(address)
        times.append(1000 * (perf_counter() - start))
    told = [
        f"{answer.status_code}",
        f"{median(times):.0f}",
        f"{len(queries)}",
        f"{size / 1024:.0f}",
    ]
    return [f"`{address}`", who, *told]


def main() -> None:
    print(pages())
