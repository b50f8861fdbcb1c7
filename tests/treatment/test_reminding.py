"""Who is told before a promise ends and after it, once; and the queue of what is due soon."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from gis_app.distortions.models import Distortion
from gis_app.messages.models import Message
from gis_app.treatment.queues import QUEUES, rows_of
from gis_app.treatment.reminding import AT_ONCE, due_soon, escalate, remind
from gis_app.treatment.tasks import watch_promises
from tests import factories

pytestmark = pytest.mark.django_db
RIYADH = ZoneInfo("Asia/Riyadh")
SUNDAY = datetime(2026, 11, 15, 10, tzinfo=RIYADH)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Sunday at ten, a working day of the field from 06:00 to 14:00; it can be moved on."""
    told = {"now": SUNDAY}
    monkeypatch.setattr(timezone, "now", lambda: told["now"])
    return told


def due(at: datetime, status: str = "assigned", **facts) -> Distortion:
    """A piece of graffiti that is promised for *at*."""
    found = factories.distortion(status)
    Distortion.objects.filter(pk=found.pk).update(due_at=at, **facts)
    return found


def told() -> list[tuple[str, str]]:
    return sorted(Message.objects.values_list("kind", "to"))


def test_what_ends_within_a_working_day_is_due_soon(city):
    soon = due(SUNDAY + 23 * HOUR)  # four hours of Sunday, three of Monday
    due(SUNDAY + 25 * HOUR)
    due(SUNDAY - HOUR)
    due(SUNDAY + HOUR, status="treated")
    due(SUNDAY + HOUR, paused_at=SUNDAY, pause_reason="owner")

    assert list(due_soon()) == [soon]


def test_danger_and_a_team_with_its_own_calendar_are_reminded_by_theirs(city):
    due(SUNDAY + 3 * HOUR, severity=4)  # two hours before, round the clock
    assert not due_soon()

    city.team.calendar = factories.calendar("seven_days")
    city.team.save()

    assert due_soon().count() == 1


def test_a_team_is_reminded_once_of_each_promise(city, now):
    factories.user("crew", email="crew@example.sa")
    factories.user("crew", email="gone@example.sa", is_active=False)
    found = due(SUNDAY + HOUR)

    assert (remind(), remind()) == (1, 0)
    assert told() == [("due_soon", "crew@example.sa")]
    assert found.number in Message.objects.get().body

    Distortion.objects.filter(pk=found.pk).update(due_at=SUNDAY + 2 * HOUR)
    assert remind() == 1
    assert len(told()) == 2


def test_where_no_team_can_be_told_the_desk_is(city):
    factories.user("triage", email="desk@example.sa")
    factories.user("triage", email="north@example.sa", sub_municipality=factories.sub_municipality("north"))  # fmt: skip
    due(SUNDAY + HOUR, status="accepted")

    remind()

    assert told() == [("due_soon", "desk@example.sa")]


def test_what_became_late_is_told_to_the_desk_and_its_administrators_once(city, now):
    for role in ("triage", "admin", "planner", "crew"):
        factories.user(role, email=f"{role}@example.sa")
    due(SUNDAY + HOUR)
    due(SUNDAY - 30 * 24 * HOUR)  # it has long stood in the queue
    assert escalate() == 0

    now["now"] = SUNDAY + 2 * HOUR
    # The queue of the day's many: one letter to each person, not one for each distortion.
    due(SUNDAY + HOUR)
    assert (escalate(), escalate()) == (2, 0)

    assert told() == [("escalated", "admin@example.sa"), ("escalated", "triage@example.sa")]


def test_the_job_does_both_and_many_are_asked_for_as_few(city, django_assert_max_num_queries):
    factories.user("crew", email="crew@example.sa")
    due(SUNDAY + HOUR)
    with django_assert_max_num_queries(40) as few:
        watch_promises(timestamp=0)
    for _ in range(3):
        due(SUNDAY + HOUR)

    with django_assert_max_num_queries(len(few)):
        watch_promises(timestamp=0)

    assert AT_ONCE > 4
    assert len(told()) == 2


def test_the_desk_has_a_queue_of_it(city, triage):
    found = due(SUNDAY + HOUR)
    due(SUNDAY + 30 * 24 * HOUR)
    triage.cookies["django_language"] = "en"

    page = triage.get("/desk/?queue=soon")

    assert page.status_code == 200
    assert [row.number for row in page.context["rows"]] == [found.number]
    assert rows_of("soon", triage.user).count() == 1
    assert "Due soon" in page.content.decode()
    assert "soon" in QUEUES
