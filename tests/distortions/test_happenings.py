"""The rows behind a number of a period: each time that something happened, for who may know."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from gis_app.distortions.events import EVENTS
from gis_app.distortions.models import Step
from gis_app.errors import Unreadable
from gis_app.layers import LAYERS
from tests import factories
from tests.factories import inside, move

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()
steps = LAYERS["steps"]


def told(*, user=None, **params) -> list[dict]:
    """What the feed tells of each step, the newest first."""
    rows = steps.rows(user or factories.staff("triage"), params)
    return [row["properties"] for row in json.loads(steps.collection(rows))["features"]]


def moves(**params) -> list[str]:
    return [row["move"] for row in told(**params)]


def test_each_time_counts_on_its_day(city, clock):
    clock.at(2)
    found = factories.distortion("treated")
    clock.at(3)
    move("send_back", found)
    after = factories.picture("#1e6a50")
    factories.photo(data=after, by=factories.staff("crew"), distortion=found, kind="after")
    move("treat", found, photos=[factories.sha256(after)])
    clock.at(4)
    move("verify", found)

    treated = told(event="treat")

    assert [row["day"] for row in treated] == ["2026-03-03", "2026-03-02"]
    assert {row["number"] for row in treated} == {found.number}
    assert moves(event="treat,verify", day="2026-03-03/2026-03-04") == ["verify", "treat"]
    assert moves(day="2026-03-04/..") == ["verify"]
    assert treated[0]["on_time"] is True
    assert treated[0]["hours"] == pytest.approx(25)
    assert (treated[0]["from_status"], treated[0]["status"]) == ("assigned", "treated")


def test_it_is_told_with_the_element_and_district_of_that_step(city, clock):
    found = factories.distortion("treated")
    move("correct", found, element="pothole", district=city.middle.code)
    move("verify", found)

    west, middle = ({"district": place.code} for place in (city.west, city.middle))

    assert moves(**west, event="treat,verify") == ["treat"]
    assert moves(**middle, event="treat,verify") == ["verify"]
    assert moves(element="pothole", event="treat,verify") == ["verify"]
    assert moves(sub_municipality="taif-centre", amana="taif", event="verify") == ["verify"]
    assert moves(number=found.number.lower(), source="resident", team="treatment-1") == [
        "verify", "correct", "treat", "assign",
    ]  # fmt: skip


def test_the_public_is_told_no_step_to_what_it_may_not_see(city):
    reopened = factories.distortion("rejected")
    move("reopen", reopened)
    for status in ("rejected", "referred", "merged"):
        factories.distortion(status, **inside(1))
    move("correct", reopened, quantity=3)

    seen = told(user=ANYBODY, number=reopened.number)

    assert [(row["move"], row["from_status"]) for row in seen] == [("reopen", None), ("report", "")]
    assert not {"reject", "refer", "merge"} & set(moves(user=ANYBODY))
    assert {"reject", "refer", "merge", "correct"} <= set(moves())
    assert told(number=reopened.number)[1]["from_status"] == "rejected"


def test_a_crew_is_told_all_of_its_own_and_of_others_what_the_public_is(city):
    own = factories.distortion("assigned")
    factories.distortion("referred")
    move("correct", own, quantity=3)

    seen = told(user=factories.user("crew"))

    assert {row["number"] for row in seen} == {own.number}
    assert "correct" in {row["move"] for row in seen}
    assert "correct" not in moves(user=factories.user("crew", team=factories.team("another")))


def test_only_staff_ask_by_team(city):
    factories.team()

    with pytest.raises(Unreadable):
        steps.rows(ANYBODY, {"team": "treatment-1"})


def test_what_stands_beside_a_life_is_no_row_but_a_return_is(city):
    first = factories.distortion("verified")
    again = factories.report(observed_at=timezone.now())
    factories.report(same_as=again.distortion.number)

    assert again.distortion.recurrence_of == first
    assert "join" not in moves()
    assert [row["number"] for row in told(event="recur")] == [again.distortion.number]
    assert told(event="recur")[0]["recurrence"] is True


def test_the_rows_of_an_event_are_its_steps(city):
    for status in factories.LIVES:
        factories.distortion(status)
    for name in ("send_back", "reopen"):
        move(name, factories.distortion({"send_back": "treated", "reopen": "verified"}[name]))
    treated = factories.distortion("assigned", **inside(1))
    move("treat", treated, cost=10)
    move("return", factories.distortion("referred"))
    factories.report(observed_at=timezone.now())

    for event, condition in EVENTS.items():
        counted = set(Step.objects.filter(condition).values_list("pk", flat=True))
        assert counted
        assert {row["id"] for row in told(event=event)} == counted


@pytest.mark.parametrize(
    "params", [{"event": "vanish"}, {"day": "yesterday"}, {"as_of": "2026-01-01"}, {"status": "x"}]
)
def test_what_cannot_be_read_is_refused(city, params):
    with pytest.raises(Unreadable) as refusal:
        steps.rows(ANYBODY, params)

    assert list(refusal.value.fields) == list(params)


def test_the_feed_tells_the_same_page_by_page(city, triage):
    for status in ("treated", "verified", "rejected"):
        factories.distortion(status)

    first = triage.get("/api/v1/steps?limit=5&count=true").json()
    rest = triage.get(first["links"][0]["href"].replace("limit=5", "limit=1000")).json()

    assert [row["properties"] for row in first["features"] + rest["features"]] == told()
    assert first["numberMatched"] == len(told())
