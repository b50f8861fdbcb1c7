"""What is promised, what changes it, and what was promised before."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from gis_app.distortions.models import Distortion
from gis_app.errors import Conflict, Refused
from gis_app.treatment.promise import promises
from gis_app.treatment.workflow import moves_open_to
from tests import factories
from tests.fieldapi.asking import get, move, problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
RIYADH = ZoneInfo("Asia/Riyadh")
SUNDAY = datetime(2026, 10, 4, 10, tzinfo=RIYADH)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_winter(monkeypatch):
    """It is the 15th of November 2026, a Sunday without holidays near it."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 15, 9, tzinfo=RIYADH))


def reported(code: str = "graffiti", **facts) -> Distortion:
    return factories.distortion("reported", code=code, observed_at=SUNDAY - HOUR, **facts)


def led(found: Distortion, *moves: tuple[str, datetime], **facts) -> Distortion:
    for name, at in moves:
        found = factories.move(name, found, at=at, **facts.get(name, {}))
    return found


def test_the_promise_is_in_working_hours_of_the_element(city):
    # Graffiti: severity 1, three days of field work, 06:00 to 14:00, Sunday to Thursday.
    found = led(reported(), ("accept", SUNDAY))

    assert found.clock_from == SUNDAY
    assert found.due_at == SUNDAY + 3 * DAY
    assert led(reported(), ("accept", SUNDAY + 3 * DAY)).due_at == SUNDAY + 8 * DAY


def test_danger_is_promised_round_the_clock(city, triage):
    found = reported()
    factories.move("correct", found, severity=4, at=SUNDAY)

    assert led(found, ("accept", SUNDAY + 9 * HOUR)).due_at == SUNDAY + 9 * HOUR + DAY


def test_an_owner_has_a_notice_first_and_nobody_else_begins_before(city):
    found = led(reported("random_structure"), ("accept", SUNDAY), ("assign", SUNDAY + HOUR))

    end = datetime(2026, 11, 3, 23, 59, 59, tzinfo=RIYADH)
    assert (found.notice_until, found.clock_from) == (end, end)
    assert found.due_at > end + 30 * DAY
    with pytest.raises(Refused, match="owner"):
        led(found, ("start", SUNDAY + DAY))

    assert led(found, ("treat", SUNDAY + DAY)).status == "treated"
    assert led(reported("random_structure"), ("accept", SUNDAY), ("assign", SUNDAY),
               ("start", end + HOUR)).status == "in_progress"  # fmt: skip


def test_a_pause_stops_the_clock_for_working_time_only(city):
    found = led(reported(), ("accept", SUNDAY))

    # From 11:00 on Sunday until 11:00 on Monday: eight working hours of the field.
    found = led(
        found, ("pause", SUNDAY + HOUR), ("resume", SUNDAY + HOUR + DAY),
        pause={"pause_reason": "owner"},
    )  # fmt: skip

    assert found.paused_seconds == 8 * 3600
    assert found.due_at == SUNDAY + 4 * DAY
    assert (found.paused_at, found.pause_reason, found.status) == (None, "", "accepted")


def test_what_is_paused_is_not_late_and_cannot_be_paused_twice(city, crew):
    found = led(
        reported(), ("accept", SUNDAY), ("assign", SUNDAY), ("pause", SUNDAY + HOUR),
        pause={"pause_reason": "material"},
    )  # fmt: skip
    assert not Distortion.objects.late().exists()

    names = moves_open_to(crew.user, found)

    assert "resume" in names
    assert not {"pause", "start"} & set(names)
    with pytest.raises(Conflict):
        factories.move("pause", found, pause_reason="owner")
    # What was left, 23 of 24 hours, is left from the resumption on: it is not late after it.
    found = led(found, ("resume", SUNDAY + 30 * DAY))
    assert found.due_at > SUNDAY + 32 * DAY


@pytest.mark.parametrize("reason", ["", "tired"])
def test_a_pause_needs_a_known_reason(city, reason):
    with pytest.raises(Refused) as refusal:
        factories.move("pause", factories.distortion("accepted"), pause_reason=reason)

    assert list(refusal.value.fields) == ["pause_reason"]


@pytest.mark.parametrize("name", ["treat", "refer", "merge"])
def test_what_is_no_longer_worked_on_waits_for_nothing(city, name):
    found = led(
        reported(), ("accept", SUNDAY), ("assign", SUNDAY), ("pause", SUNDAY + HOUR),
        pause={"pause_reason": "access"},
    )  # fmt: skip

    found = led(found, (name, SUNDAY + DAY + HOUR))

    assert (found.paused_at, found.pause_reason) == (None, "")
    if name == "treat":
        assert found.due_at == SUNDAY + 4 * DAY
    else:
        assert (found.due_at, found.clock_from, found.notice_until) == (None, None, None)


def test_a_correction_promises_what_would_have_been_promised_at_first(city):
    found = led(reported(), ("accept", SUNDAY))
    paused = {"pause": {"pause_reason": "owner"}}
    found = led(found, ("pause", SUNDAY + HOUR), ("resume", SUNDAY + 3 * HOUR), **paused)

    # A pothole: severity 3, three days of field work, and two hours of pause.
    found = factories.move("correct", found, element="pothole", at=SUNDAY + 4 * HOUR)
    assert (found.severity, found.due_at) == (3, SUNDAY + 3 * DAY + 2 * HOUR)
    found = factories.move("correct", found, severity=2, at=SUNDAY + 5 * HOUR)
    assert found.due_at == SUNDAY + 7 * DAY + 2 * HOUR

    step = found.steps.latest("pk")
    assert step.differences == {"severity": [3, 2]}
    assert step.due_at == found.due_at


def test_a_correction_of_what_waits_for_triage_promises_nothing(city):
    found = factories.move("correct", reported(), severity=3)

    assert (found.severity, found.due_at) == (3, None)


@pytest.mark.parametrize("severity", [0, 5, -1])
def test_a_severity_is_from_1_to_4(city, severity):
    with pytest.raises(Refused) as refusal:
        factories.move("correct", factories.distortion("accepted"), severity=severity)

    assert list(refusal.value.fields) == ["severity"]


def test_a_team_with_hours_of_its_own_works_what_is_left_in_them(city):
    found = led(reported(), ("accept", SUNDAY))
    city.team.calendar = factories.calendar("always")
    city.team.save()

    # After two of its 24 hours: 22 hours are left, round the clock.
    found = led(found, ("assign", SUNDAY + 2 * HOUR))

    assert found.due_at == SUNDAY + DAY


def test_what_was_promised_at_first_stays_known_with_the_reason_of_each_change(city):
    found = led(
        reported(), ("accept", SUNDAY), ("assign", SUNDAY), ("pause", SUNDAY + HOUR),
        ("resume", SUNDAY + 2 * HOUR), pause={"pause_reason": "owner"},
    )  # fmt: skip
    found = factories.move("correct", found, severity=3, at=SUNDAY + 3 * HOUR)

    told = promises(found)

    assert [str(promise.why) for promise in told] == [
        "",
        "It had been paused",
        "Its kind or severity was corrected",
    ]
    assert told[0].due_at == SUNDAY + 3 * DAY
    assert told[-1].due_at == found.due_at
    assert all(before.since < after.since for before, after in pairwise(told))


def test_it_begins_anew_when_it_is_reopened_returned_or_a_merge_is_undone(city):
    for way in (("treat", "verify", "reopen"), ("refer", "return"), ("merge", "unmerge")):
        found = led(reported(), ("accept", SUNDAY), ("assign", SUNDAY))
        for name in way:
            found = factories.move(name, found, at=SUNDAY + 2 * DAY)

        assert (found.clock_from, found.due_at) == (SUNDAY + 2 * DAY, SUNDAY + 7 * DAY), way


def test_the_api_pauses_resumes_and_tells(city, triage, client):
    found = led(reported(), ("accept", SUNDAY))

    wrong = move(triage, found.number, "pause", pause_reason="tired")
    assert list(problem(wrong)["errors"]) == ["pause_reason"]
    assert move(triage, found.number, "pause", pause_reason="weather").status_code == 201
    assert move(triage, found.number, "pause", pause_reason="weather").status_code == 409

    told = get(client, f"distortions/{found.number}").json()["properties"]
    assert (told["paused"], told["late"], told["notice_until"]) == (True, False, None)
    assert told["timeline"][-1]["words"] == "Paused: Weather"
    assert move(triage, found.number, "correct", reason="r", severity=2.5).status_code == 422
    assert move(triage, found.number, "correct", reason="r", severity=2).status_code == 201


def test_the_pages_say_that_it_is_paused_and_why(city, triage, client):
    found = led(reported(), ("accept", SUNDAY))
    factories.move("pause", found, pause_reason="body")
    report = found.reports.get()

    for browser, page in (
        (triage, f"/desk/{found.number}/"),
        (client, f"/d/{found.number}/"),
        (client, f"/track/{report.track_token}/"),
    ):
        browser.cookies["django_language"] = "en"
        text = browser.get(page).content.decode()
        assert "Waiting for another body" in text, page
