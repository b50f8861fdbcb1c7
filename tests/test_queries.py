"""Every page and list asks the database at most ten times, however much there is.

The doors are asked of the resolver: a new address is counted by itself. tests/queries/city.py has
something of every kind, and makes more of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pytest
from django.db import connection
from django.test import Client

from gis_app.treatment.queues import QUEUES
from tests.queries.city import City, build, crew_link, grow
from tests.rights.doors import Door, all_doors

pytestmark = pytest.mark.django_db
MOST = 10
TIMES = 4
STAFF_AREAS = ("desk", "planner")
DOORS = [door for door in all_doors() if door.area != "admin"]
# Parts of them, and how many doors of each were answered with a page, at least.
PARTS = {"desk": 10, "api": 15, "others": 15}
ANYBODY = ("anonymous", "resident", "somewhere")  # who works somewhere is limited in every way
STAFF = ("admin", "somewhere", "triage", "verifier", "inspector", "crew", "by link", "planner")
EVERY_CASE = ("admin", "anonymous", "somewhere")
SOME_CASES = ("assigned", "treated", "verified")
# What else is asked at a door, besides nothing.
QUESTIONS: dict[str, list[dict[str, str]]] = {
    "maps:map": [{"view": "points", "element": "graffiti", "district": "TAIF-001"}],
    "maps:list": [
        {"element": "graffiti,pothole", "district": "TAIF-001", "status": "treated,verified"},
        {"q": "beside", "amana": "taif", "sub_municipality": "taif-centre", "park": "P-1"},
    ],
    "maps:districts": [{"element": "graffiti", "sub_municipality": "taif-centre"}],
    "maps:desk": [{"queue": name, "order": "oldest", "district": "TAIF-001"} for name in QUEUES],
    "maps:follow_up": [{"district": "TAIF-001", "near": "21.26,40.40"}],
    "maps:planner": [{"district": "TAIF-001", "element": "graffiti"}],
    "maps:lasting": [{"by": "team"}, {"by": "district", "sub_municipality": "taif-centre"}],
    "maps:blur_preview": [{"left": "0", "top": "0", "width": "10", "height": "10"}],
    "maps:clusters": [{"bbox": "40.39,21.25,40.42,21.28", "zoom": "17"}],
    "api:distortions": [{"element": "graffiti", "district": "TAIF-001", "count": "true"}],
    "api:near": [{"element": "graffiti", "lon": "40.405", "lat": "21.265"}],
    "api:progress": [{"element": "graffiti", "amana": "taif"}],
}


@dataclass(frozen=True)
class Asking:
    """One way to ask at one door."""

    door: Door
    person: str
    case: str = ""
    question: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.door} by {self.person} of {self.case or 'nothing'}, {dict(self.question)}"


def ways_of(door: Door, city: City) -> Iterator[Asking]:
    """Everybody who may have another page there, with every case and question."""
    people = STAFF if door.area in STAFF_AREAS else ANYBODY
    for person in people:
        cases = city.cases if person in EVERY_CASE else SOME_CASES
        for case in cases if door.is_about_a_case else ("",):
            questions = QUESTIONS.get(door.name, ()) if person in EVERY_CASE else ()
            for question in ({}, *questions):
                yield Asking(door, person, case, tuple(question.items()))


def path_of(asking: Asking, city: City) -> str:
    match asking.door.name:
        case "maps:job":
            return f"/desk/jobs/{city.cases[asking.case].job}/"
        case "maps:crew_link":
            return f"/crew/{crew_link(city)}/"
    return asking.door.path(city.cases.get(asking.case))


def asked_of(city: City, doors: list[Door]) -> dict[Asking, list[str]]:
    """What each way of asking asks of the database, once the registers are in memory."""
    browsers = {person: city.browser(person) for person in city.people}
    found = {}
    for is_warm in (False, True):
        for door in doors:
            ways = ways_of(door, city)
            for asking in ways if is_warm else islice(ways, 2):
                answer, queries = _asked(browsers[asking.person], asking, city)
                if answer.status_code == 200:
                    found[asking] = queries
    return found


def _asked(browser: Client, asking: Asking, city: City):
    queries: list[str] = []

    def note(run, sql, *rest):
        if not sql.startswith(("SAVEPOINT", "RELEASE")):  # of the test's own transaction
            queries.append(sql)
        return run(sql, *rest)

    with connection.execute_wrapper(note):
        answer = browser.get(path_of(asking, city), dict(asking.question))
        if answer.streaming:
            b"".join(answer.streaming_content)
    return answer, queries


@pytest.mark.parametrize("part", PARTS)
def test_no_page_asks_often_nor_more_often_where_there_is_more(settings, part):
    settings.RASD_REPORTS_PER_HOUR = settings.RASD_PHOTOS_PER_HOUR = 10_000
    doors = [door for door in DOORS if (door.area if door.area in PARTS else "others") == part]
    city = build()

    few = asked_of(city, doors)
    grow(city, times=TIMES)
    many = asked_of(city, doors)

    wrong = [
        f"{asking}: {len(few.get(asking, queries))}, then {len(queries)}"
        for asking, queries in many.items()
        if len(queries) > MOST or len(queries) != len(few.get(asking, queries))
    ]
    assert not wrong, "\n".join(wrong)
    answered = {asking.door for asking in many}
    assert len(answered) >= PARTS[part]
