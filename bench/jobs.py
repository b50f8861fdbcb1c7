"""What is measured over HTTP: a job is one entry here, asked of every server that has a path."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from uuid import uuid4

from bench.client import Request
from bench.places import Places

GEOJSON = "application/geo+json"
OURS = "/api/v1/distortions"
PLAIN = "/distortions/"
TIPG = "/collections/bench.distortion"
PYGEOAPI = "/collections/distortion/items?f=json&"
AGAIN = "ours, told again"  # the server that keeps its answers until the next step
PEERS_AT = (6, 10, 13, 16)  # zooms: a peer may take most of a minute for one tile
NEWEST = "sortby=-first_reported_at"


@dataclass(frozen=True, kw_only=True)
class Job:
    """The same *questions* for each server; what they say fills in the {} of its path."""

    name: str
    title: str
    paths: dict[str, str]
    questions: Callable[[Places], list[dict]] = lambda places: [{}]
    goal: str = ""
    clients: int = 4
    is_write: bool = False

    def requests(self, places: Places, server: str, headers: dict[str, str]) -> Iterator[Request]:
        """Yield what is asked of *server*, for ever."""
        if self.is_write:
            return _reports(places, self.paths[server], headers)
        paths = [self.paths[server].format(**question) for question in self.questions(places)]
        return (Request(path, headers=headers) for path in cycle(paths))


def _reports(places: Places, path: str, headers: dict[str, str]) -> Iterator[Request]:
    told = {**headers, "Content-Type": GEOJSON}
    for lon, lat in places.spots():
        report = {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
            "properties": {
                "element": places.dice.choice(["pothole", "graffiti", "street_light"]),
                "observed_at": "2026-01-01T09:12:00+03:00",
                "description": "مخلفات قرب مدرسة الحي",
                "accuracy_m": 8,
            },
        }
        yield Request(path.format(id=uuid4()), "PUT", json.dumps(report).encode(), told)


def _box_job(features: int, goal: str) -> Job:
    return Job(
        name=f"bbox{features}",
        title=f"a box of {features:,} features",
        goal=goal,
        questions=lambda places: places.boxes(features),
        paths={
            "ours": f"{OURS}?bbox={{box}}&limit={features}",
            "plain": f"{PLAIN}?in_bbox={{box}}&page_size={features}",
            "tipg": f"{TIPG}/items?bbox={{box}}&limit={features}",
            "pygeoapi": f"{PYGEOAPI}bbox={{box}}&limit={features}",
        },
    )


def _tile_job(zoom: int) -> Job:
    peers = {
        "plain": "/tiles/{z}/{x}/{y}",
        "tipg": f"{TIPG}/tiles/WebMercatorQuad/{{z}}/{{x}}/{{y}}",
    }
    return Job(
        name=f"z{zoom}",
        title=f"the densest tile of zoom {zoom}",
        goal="≤ 10 ms, ≤ 200 kB",
        questions=lambda places: places.tile(zoom),
        paths={
            "ours": "/tiles/distortions/{z}/{x}/{y}.mvt",
            **(peers if zoom in PEERS_AT else {}),
        },
    )


JOBS = [
    _box_job(1000, "≥ 0.75 of the limit, 20 × plain, 8 × tipg and pygeoapi"),
    _box_job(100, "≥ 0.45 of the limit"),
    Job(
        name="first",
        title="the first page of 50",
        paths={
            "ours": f"{OURS}?limit=50",
            "plain": f"{PLAIN}?page_size=50",
            "tipg": f"{TIPG}/items?limit=50&{NEWEST}",
            "pygeoapi": f"{PYGEOAPI}limit=50&{NEWEST}",
        },
    ),
    Job(
        name="deep",
        title="the page of 50 at row 950,000",
        goal="as the first page ± 20 %",
        questions=lambda places: places.row(),
        paths={
            "ours": f"{OURS}?limit=50&cursor={{cursor}}",
            "plain": f"{PLAIN}?page_size=50&page={{page}}",
            "tipg": f"{TIPG}/items?limit=50&offset={{row}}&{NEWEST}",
            "pygeoapi": f"{PYGEOAPI}limit=50&offset={{row}}&{NEWEST}",
        },
    ),
    Job(
        name="progress",
        title="progress of all districts, today",
        goal="≤ 6 ms at 1 M; 10 M / 100 k ≤ 1.3",
        paths={
            "ours": "/api/v1/districts/progress",
            AGAIN: "/api/v1/districts/progress",
            "plain": "/progress/",
        },
    ),
    Job(
        name="past",
        title="progress of all districts, at a past date",
        goal="≤ 6 ms at 1 M; 10 M / 100 k ≤ 1.3",
        questions=lambda places: places.days(),
        paths={
            "ours": "/api/v1/districts/progress?as_of={day}",
            AGAIN: "/api/v1/districts/progress?as_of={day}",
        },
    ),
    *map(_tile_job, range(6, 17)),
    Job(
        name="report",
        title="one report, 16 clients",
        goal="≤ 4 ms",
        clients=16,
        is_write=True,
        paths={"ours": "/api/v1/reports/{id}"},
    ),
]
