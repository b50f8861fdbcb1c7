"""Progress through its door: any day, any period, and the rows behind every number."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from gis_app.distortions.events import EVENTS
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db
PROGRESS, SERIES = "/api/v1/districts/progress", "/api/v1/districts/progress/series"
TABLE = "/api/v1/districts/progress/table"


@pytest.fixture
def lives(city):
    """One of each status, two weeks old; another that was treated and sent back."""
    for column, status in enumerate(factories.LIVES):
        factories.distortion(status, **inside(column % 3))
    again = factories.distortion("treated", code="pothole")
    factories.move("send_back", again)
    factories.move("treat", again)


@pytest.mark.parametrize("question", ["", "&element=pothole", "&district=TAIF-001,TAIF-002"])
@pytest.mark.parametrize("by_district", [False, True])
def test_every_number_opens_exactly_its_rows(planner, lives, question, by_district):
    today = timezone.localdate()
    told = planner.get(f"{PROGRESS}?from={today - timedelta(days=30)}{question}").json()

    figures = [(None, told["totals"])]
    lists = told["lists"]
    if by_district:
        figures = [(one["id"], one["properties"]) for one in told["features"]]
        lists = told["district_lists"]
    for code, numbers in figures:
        for name, address in lists.items():
            found = planner.get(f"{address.format(district=code)}&count=true").json()
            assert found["numberMatched"] == _number(numbers, name), (code, name)


def _number(numbers: dict, name: str) -> int:
    group, _dot, event = name.partition(".")
    return numbers["period"]["events"][event] if event else numbers[group]


@pytest.mark.parametrize("by", ["element", "sub_municipality", "amana", "team"])
def test_every_number_of_a_table_opens_exactly_its_rows(planner, lives, by):
    told = planner.get(f"{TABLE}?by={by}&from=2020-01-01").json()

    assert sum(row["total"] for row in told["rows"]) == (5 if by == "team" else 7)
    for row in told["rows"]:
        for name, address in told["lists"].items():
            found = planner.get(f"{address.format(**{by: row['code']})}&count=true").json()
            assert found["numberMatched"] == _number(row, name), (row["code"], name)
        found = planner.get(f"{row['list']}&count=true").json()
        assert found["numberMatched"] == row["total"]


@pytest.mark.parametrize("question", ["", "&element=pothole", "&to={today}"])
def test_every_number_of_a_series_opens_exactly_its_rows(planner, lives, question):
    today = timezone.localdate()
    asked = question.format(today=today)
    told = planner.get(f"{SERIES}?every=week&from={today - timedelta(days=20)}{asked}").json()

    assert sum(point["period"]["events"]["report"] for point in told["points"])
    for point in told["points"]:
        for name, address in told["lists"].items():
            found = planner.get(f"{address.format(**point)}&count=true").json()
            assert found["numberMatched"] == _number(point, name), (point["from"], name)


def test_the_staff_alone_are_told_by_team(client, city):
    assert client.get(f"{TABLE}?by=team").status_code == 403
    assert client.get(f"{TABLE}?by=colour").status_code == 400


def test_the_numbers_are_all_there(planner, lives):
    told = planner.get(f"{PROGRESS}?from=2020-01-01").json()["totals"]

    assert told["total"] == 7
    # the survivor of the merge awaits triage too
    assert (told["reported"], told["merged"], told["treated"]) == (2, 1, 2)
    assert set(told["period"]["events"]) == set(EVENTS)
    assert told["period"]["events"]["treat"] == 5
    assert told["period"]["events"]["send_back"] == 1
    assert told["too_few"]
    low, high = told["verified_interval"]
    assert low < told["verified_rate"] < high


def test_a_series_ends_with_the_state_of_today(client, lives):
    today = client.get(PROGRESS).json()["totals"]

    for every in ("day", "week", "month", "quarter"):
        points = client.get(SERIES, {"every": every}).json()["points"]
        last = points[-1]
        assert {name: last[name] for name in ("total", "open", "late")} == {
            name: today[name] for name in ("total", "open", "late")
        }
        assert sum(one["period"]["events"]["report"] for one in points) == 12
        for one, following in itertools.pairwise(points):
            assert one["to"] < following["from"]


@pytest.mark.parametrize(
    "question",
    [
        "as_of=2999-01-01",
        "as_of=1447-05-01x",
        "as_of=2026-01-01&to=2026-01-01",
        "from=2026-01-02&to=2026-01-01",
        "from=2999-01-01",
        "from=0001-01-01",
        "as_of=0001-01-01",
        "element=none",
        "district=none",
        "every=week",
        "x=1",
    ],
)
def test_a_question_that_cannot_be_read_is_refused_with_the_reason(client, city, question):
    answer = client.get(f"{PROGRESS}?{question}")

    assert answer.status_code == 400
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    "question", ["every=hour", "every=day&from=1990-01-01", "every=day&from=x"]
)
def test_a_series_that_cannot_be_told_is_refused(client, city, question):
    assert client.get(f"{SERIES}?{question}").status_code == 400
