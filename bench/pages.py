"""Every page and list on the database as it is: median time, queries, size of the answer."""

from statistics import median
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from gis_app.accounts.models import User
from gis_app.distortions.models import Distortion
from gis_app.places.models import District

RUNS = 5
CITY = "bbox=40.30,21.18,40.52,21.36"


def main() -> None:
    """Print one line for each page and list, the public's first."""
    connection.cursor().execute("ANALYZE")
    case = Distortion.objects.filter(status="verified").latest("pk").number
    district = District.objects.order_by("code")[0].code
    public = [
        "/",
        "/?view=points",
        f"/map/clusters.json?{CITY}&zoom=12",
        "/map/clusters.json?bbox=40.40,21.26,40.42,21.28&zoom=16",
        "/map/districts.json",
        "/map/streets.json",
        "/list/",
        "/list/?element=pothole&status=verified",
        "/list/?q=001234",
        "/districts/",
        f"/districts/{district}/",
        f"/d/{case}/",
        "/report/",
        "/api/v1/distortions",
        "/api/v1/distortions?limit=1000",
        "/api/v1/distortions?bbox=40.40,21.26,40.42,21.28",
        f"/api/v1/distortions/{case}",
        "/api/v1/districts",
        "/api/v1/districts/progress",
        "/api/v1/parks",
        "/api/v1/kiosks",
    ]
    staff = {
        "triage": ["/desk/", f"/desk/{case}/"],
        "verifier": ["/desk/"],
        "planner": ["/planner/"],
    }
    print(f"{Distortion.objects.count():,} distortions; median of {RUNS} runs after one")
    with override_settings(DEBUG=False, SECURE_SSL_REDIRECT=False, ALLOWED_HOSTS=["*"]):
        for address in public:
            tell(Client(), address)
        for username, addresses in staff.items():
            client = Client()
            client.force_login(User.objects.get(username=username))
            for address in addresses:
                tell(client, address, who=username)


def tell(client: Client, address: str, *, who: str = "public") -> None:
    """Print the median milliseconds, queries and kilobytes of one address."""
    queries: list[str] = []
    with connection.execute_wrapper(lambda run, sql, *rest: queries.append(sql) or run(sql, *rest)):
        answer = client.get(address)
        size = len(b"".join(answer) if answer.streaming else answer.content)
    times = []
    for _ in range(RUNS):
        start = perf_counter()
        client.get(address)
        times.append(1000 * (perf_counter() - start))
    print(
        f"{answer.status_code} {median(times):8.0f} ms {len(queries):3d} queries "
        f"{size / 1024:7.0f} KB  {who:8s} {address}"
    )
