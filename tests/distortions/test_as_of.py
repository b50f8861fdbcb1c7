"""The list of a past day: what was known at its end, as it was then, for who may see it."""

import json
from datetime import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone

from gis_app.distortions.as_of import LastStep
from gis_app.distortions.status import PUBLIC, Status
from gis_app.errors import Unreadable
from gis_app.layers import LAYERS
from gis_app.places.models import Jurisdiction
from tests import factories
from tests.factories import inside, move

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()
distortions = LAYERS["distortions"]
SLOW = LastStep.SQL.replace("SELECT * FROM", "SELECT step.* FROM (SELECT pg_sleep(1)) AS nap,")


def told(day: int, *, user=None, **params) -> dict[str, dict]:
    """What the feed tells of each distortion at the end of that day, by number."""
    asked = {"as_of": f"2026-03-{day:02}"} | params
    rows = distortions.rows(user or factories.staff("triage"), asked)
    features = json.loads(distortions.collection(rows))["features"]
    return {feature["id"]: feature["properties"] for feature in features}


def test_it_tells_of_each_as_it_was_at_the_end_of_that_day(city, clock):
    clock.at(2)
    found = factories.distortion("assigned", quantity=1)
    clock.at(3)
    move("treat", found)
    clock.at(4)
    move("verify", found)
    move("correct", found, element="pothole", district=city.middle.code, quantity=7)
    clock.at(9)

    assert told(1) == {}
    assigned, treated, verified = (told(day)[found.number] for day in (2, 3, 4))
    assert (assigned["status"], assigned["quantity"], assigned["treated_at"]) == (
        "assigned", 1, None,
    )  # fmt: skip
    assert assigned["due_at"]
    assert (treated["status"], treated["element"], treated["quantity"]) == (
        "treated",
        "graffiti",
        2.5,
    )
    assert datetime.fromisoformat(treated["treated_at"]).day == 3
    assert treated["verified_at"] is None
    assert (verified["status"], verified["element"], verified["district"]) == (
        "verified", "pothole", city.middle.code,
    )  # fmt: skip
    assert verified["quantity"] == 7
    assert datetime.fromisoformat(verified["verified_at"]).day == 4
    assert verified["element_name"] != treated["element_name"]


def test_filters_ask_how_things_were_then(city, clock):
    clock.at(2)
    found = factories.distortion("assigned")
    clock.at(3)
    move("treat", found)
    move("correct", found, element="pothole", district=city.middle.code)
    clock.at(9)
    was = {"status": "assigned", "element": "graffiti", "district": city.west.code}
    became = {"status": "treated", "element": "pothole", "district": city.middle.code}

    for name, code in was.items():
        assert list(told(2, **{name: code})) == [found.number]
        assert told(3, **{name: code}) == {}
    for name, code in became.items():
        assert told(2, **{name: code}) == {}
        assert list(told(3, **{name: code})) == [found.number]
    assert told(2, treated="2026-03-03") == {}
    assert list(told(3, treated="2026-03-03")) == [found.number]
    assert list(told(2, amana="taif", team="treatment-1", q=found.number)) == [found.number]


def test_a_district_belongs_where_it_belonged_on_that_day(city, clock):
    clock.at(2)
    found = factories.distortion()
    west = Jurisdiction.objects.filter(district=city.west)
    west.update(valid_to=datetime(2026, 3, 5).date())
    other = factories.sub_municipality("taif-east")
    Jurisdiction.objects.create(
        district=city.west, sub_municipality=other, valid_from=datetime(2026, 3, 5).date()
    )
    clock.at(9)

    assert list(told(4, sub_municipality="taif-centre")) == [found.number]
    assert told(5, sub_municipality="taif-centre") == {}
    assert list(told(5, sub_municipality="taif-east")) == [found.number]


def test_late_and_paused_are_told_of_the_end_of_that_day(city, clock):
    clock.at(1, hour=8)
    found = factories.distortion("assigned")
    due = timezone.localtime(found.due_at)
    clock.at(due.day + 2)
    move("pause", found, pause_reason="weather")
    clock.at(due.day + 3)
    move("resume", found)
    clock.at(due.day + 9)

    state = [
        (told(day)[found.number]["late"], told(day)[found.number]["paused"])
        for day in range(due.day - 1, due.day + 3)
    ]

    assert state == [(False, False), (True, False), (True, False), (False, True)]
    assert list(told(due.day, late="true")) == [found.number]
    assert told(due.day + 2, late="true") == {}


def test_today_is_the_list_as_it_is_and_the_future_is_refused(city, clock):
    found = factories.distortion("accepted")

    assert told(1)[found.number]["status"] == "accepted"
    for text in ("2026-03-02", "31.12.2025", "yesterday", "2025-02-30"):
        with pytest.raises(Unreadable) as refusal:
            distortions.rows(ANYBODY, {"as_of": text})
        assert list(refusal.value.fields) == ["as_of"]


def test_arabic_digits_name_a_day_too(city, clock):
    found = factories.distortion()
    clock.at(2)

    asked = {"as_of": "٢٠٢٦-٠٣-٠١"}

    assert [row.number for row in distortions.rows(ANYBODY, asked)] == [found.number]


def test_the_public_sees_what_it_might_see_then_and_may_see_now(city, clock):
    clock.at(1)
    hidden_then = factories.distortion("rejected")
    hidden_now = factories.distortion("accepted")
    clock.at(2)
    move("reopen", hidden_then)
    move("refer", hidden_now)
    clock.at(3)

    assert told(1, user=ANYBODY) == {}
    assert list(told(2, user=ANYBODY)) == [hidden_then.number]
    assert told(1, user=ANYBODY, status="rejected") == {}
    assert set(told(1)) == {hidden_then.number, hidden_now.number}


def test_a_crew_sees_of_a_past_day_what_was_public_or_its_own(city, clock):
    other = factories.user("crew", team=factories.team("treatment-2"))
    found = factories.distortion("assigned")
    clock.at(2)
    move("give_back", found)
    move("reject", factories.distortion("reported"))
    move("assign", found, team="treatment-2")
    clock.at(3)

    for crew in (other, factories.user("crew")):
        assert told(1, user=crew)[found.number]["status"] == "assigned"
        assert list(told(2, user=crew)) == [found.number]


def test_a_private_place_stays_coarse_on_a_past_day(city, clock):
    factories.element("street_vendor", is_private=True)
    found = factories.distortion("accepted", code="street_vendor")
    clock.at(2)

    rows = distortions.rows(ANYBODY, {"as_of": "2026-03-01"})

    assert [row.shape.coords for row in rows] != [found.geometry.coords]
    assert [row.shape.coords for row in rows] == [found.public_geometry.coords]


def test_the_statuses_of_a_past_day_share_out_all_that_were_known(city, clock):
    made = {factories.distortion(status).number for status in Status.values}
    clock.at(2)
    factories.distortion("treated", **inside(1))
    clock.at(3)

    by_status = {status: set(told(1, status=status)) for status in Status.values}

    assert set().union(*by_status.values()) == set(told(1))
    assert sum(map(len, by_status.values())) == len(told(1))
    assert made <= set(told(1))
    assert all(by_status.values())


def test_every_door_shows_the_same_past(city, clock, client, triage):
    for status in Status.values:
        factories.distortion(status)
    clock.at(2)
    for found in distortions.rows(ANYBODY, {"status": "reported,accepted"}):
        move("accept" if found.status == "reported" else "refer", found)
    clock.at(3)
    question = "?as_of=2026-03-01"

    for browser, user in ((client, ANYBODY), (triage, triage.user)):
        seen = told(1, user=user)
        feed = browser.get(f"/api/v1/distortions{question}&limit=1000").json()
        page = browser.get(f"/list/{question}").content.decode()
        spots = browser.get(f"/map/clusters.json{question}&zoom=12").json()["clusters"]
        kinds = [status for spot in spots for status, n in spot["kinds"].items() for _ in range(n)]
        assert {row["id"]: row["properties"] for row in feed["features"]} == seen
        assert all(f'href="/d/{number}/"' in page for number in seen)
        assert page.count('<article class="case">') == len(seen)
        assert sorted(kinds) == sorted(row["status"] for row in seen.values())
    assert {row["status"] for row in told(1, user=ANYBODY).values()} <= set(PUBLIC)


@pytest.mark.parametrize("address", ["/api/v1/distortions", "/list/", "/map/clusters.json"])
def test_a_question_that_takes_too_long_is_answered_in_words(
    city, clock, client, monkeypatch, address
):
    found = factories.distortion()
    clock.at(2)
    monkeypatch.setattr("gis_app.patience.MOST_SECONDS", 0.2)
    monkeypatch.setattr("gis_app.distortions.as_of.LastStep.SQL", SLOW)

    answer = client.get(f"{address}?as_of=2026-03-01", headers={"Accept-Language": "en"})

    assert answer.status_code == 503
    assert found.number not in answer.content.decode()


def test_what_was_in_a_district_on_a_day_is_found_by_indexes(city, clock):
    factories.distortion()
    clock.at(2)
    asked = {"as_of": "2026-03-01", "district": city.west.code}
    rows = distortions.rows(factories.staff("triage"), asked)

    with connection.cursor() as cursor:
        # On a table of one row every plan costs the same: asked is what the indexes can do.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        plan = rows.explain()

    for index in ("distortion_newest", "step_history", "step_went_over"):
        assert index in plan
