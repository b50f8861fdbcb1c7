"""What landed has the history that the app itself would have written, and goes on like any other."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from gis_app.distortions.actions import submit
from gis_app.distortions.models import Distortion, Report, Step
from gis_app.distortions.record import record_step
from gis_app.distortions.recurrence import recurring_at
from gis_app.distortions.status import Status
from gis_app.geo import crs
from gis_app.treatment.actions import make_move
from gis_app.treatment.models import Visit
from gis_app.treatment.workflow import MOVES
from tests import factories
from tests.factories import inside
from tests.imports.files import MAPPING, OPENED, Run, at, row

pytestmark = pytest.mark.django_db
RIYADH = ZoneInfo("Asia/Riyadh")
ALL_MOMENTS = (
    'closed = "closed"\n',
    'closed = "closed"\naccepted = "accepted"\nassigned = "assigned"\nstarted = "started"\n',
)
NOTHING_TOLD = {"accepted": "", "assigned": "", "started": ""}
WAYS = {
    "New": ("report",),
    "Open": ("report", "accept"),
    "With a team": ("report", "accept", "assign"),
    "At work": ("report", "accept", "assign", "start"),
    "Closed": ("report", "accept", "assign", "treat"),
    "Checked": ("report", "accept", "assign", "treat", "verify"),
    "Rejected": ("report", "reject"),
    "Passed on": ("report", "refer"),
}
COMPARED = (
    "move", "at", "day", "from_team", "team", "from_status", "to_status", "from_district",
    "to_district", "from_element", "to_element", "from_quantity", "to_quantity", "due_at",
    "from_late_at", "late_at", "hours", "cost", "into", "differences",
)  # fmt: skip


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=RIYADH).astimezone(UTC)


def steps_of(found: Distortion) -> list[Step]:
    return list(found.steps.order_by("pk"))


@pytest.mark.parametrize("word", WAYS)
def test_a_status_is_reached_by_its_moves(city, tmp_path, word):
    Run(tmp_path, [row(status=word)])

    found = Distortion.objects.get()
    steps = steps_of(found)
    assert tuple(step.move for step in steps) == WAYS[word]
    for before, after in pairwise(steps):
        assert after.from_status == before.to_status
        assert before.to_status in MOVES[after.move].starts
        assert before.at <= after.at
        assert before.day <= after.day
    assert found.status == steps[-1].to_status
    assert found.version == len(steps)


@pytest.mark.parametrize("word", WAYS)
def test_steps_are_those_that_the_app_itself_would_have_written(city, tmp_path, word):
    """The same life is led a second time, by the app's own actions."""
    own_hours = factories.team()
    own_hours.calendar = factories.calendar("always")
    own_hours.save()
    told = {"accepted": at(0.2), "assigned": at(0.9), "started": at(1.4)}
    Run(tmp_path, [row(status=word, **told)], changes=[ALL_MOMENTS])
    found = Distortion.objects.get()

    twin = led_like(found)

    assert [content(step) for step in steps_of(twin)] == [content(step) for step in steps_of(found)]
    for name in (
        "status", "element", "district", "team", "severity", "source", "due_at", "notice_until",
        "clock_from", "treated_at", "verified_at", "reported_quantity", "version", "is_private",
        "first_reported_at", "reports_count", "supporters_count",
    ):  # fmt: skip
        assert getattr(twin, name) == getattr(found, name), name


def content(step: Step) -> dict:
    return {name: getattr(step, name) for name in COMPARED}


def led_like(found: Distortion) -> Distortion:
    report, _new = submit(
        id=uuid4(),
        by=factories.staff("triage"),
        element=found.element.code,
        geometry=found.geometry,
        observed_at=found.first_reported_at,
        source="940",
    )
    for step in steps_of(found)[1:]:
        told = {"team": step.team.code} if step.move == "assign" else {}
        told |= {"reason": "Rejected"} if step.move == "reject" else {}
        told |= {"body": "Passed on"} if step.move == "refer" else {}
        if step.move == "treat":
            _treat(report.distortion, step)
            continue
        by = factories.staff(factories.WHO.get(step.move, "triage"))
        make_move(step.move, number=report.distortion.number, id=uuid4(), by=by, at=step.at, **told)
    report.distortion.refresh_from_db()
    return report.distortion


def _treat(distortion: Distortion, step: Step) -> None:
    """As the app does it, but for the quantity, which the file did not tell."""
    distortion.refresh_from_db()
    record_step(
        distortion, move="treat", by=factories.staff("crew"), at=step.at,
        status=Status.TREATED, treated_at=step.at, treated_quantity=None,
    )  # fmt: skip


@pytest.mark.parametrize("word", WAYS)
def test_an_imported_distortion_is_moved_on_by_the_app(city, tmp_path, word):
    Run(tmp_path, [row(status=word)])
    found = Distortion.objects.get()

    roads = {
        "New": ("accept", "assign", "start", "treat", "verify"),
        "Open": ("assign", "treat", "verify"),
        "With a team": ("start", "treat", "send_back", "treat", "verify"),
        "At work": ("give_back", "assign", "treat"),
        "Closed": ("verify",),
        "Checked": ("correct",),
        "Rejected": ("reopen", "assign"),
        "Passed on": ("return", "assign"),
    }
    facts = {"correct": {"quantity": 3.0}}
    for name in roads[word]:
        found = factories.move(name, found, **facts.get(name, {}))

    assert steps_of(found)[-1].move == roads[word][-1]
    call_command("recount", check=True)


def test_totals_are_those_of_the_steps(city, tmp_path):
    rows = [row(number, status=word) for number, word in enumerate(WAYS, start=1)]

    Run(tmp_path, rows)

    call_command("recount", check=True)  # exits otherwise


def test_a_move_without_a_moment_came_with_the_one_before_it(city, tmp_path):
    Run(tmp_path, [row(status="Checked")])

    opened, closed = moment(at(0)), moment("2024-04-15 10:00")
    assert [step.at for step in steps_of(Distortion.objects.get())] == [
        opened, opened, opened, closed, closed,
    ]  # fmt: skip


def test_closing_that_somebody_checked_verifies(city, tmp_path):
    Run(
        tmp_path, [row()], changes=[('column = "status"', 'column = "status"\nclosed = "verified"')]
    )

    found = Distortion.objects.get()
    assert found.status == Status.VERIFIED
    assert found.verified_at == moment("2024-04-15 10:00")


def test_without_a_status_the_moments_tell_how_far_it_got(city, tmp_path):
    rows = [
        row(1, closed="", assigned=""),
        row(2, closed="", assigned=at(1)),
        row(3, assigned=at(1)),
    ]
    text = MAPPING[: MAPPING.index("[status]")] + MAPPING[MAPPING.index("[moments]") :]

    Run(
        tmp_path, rows, map_text=text,
        changes=[('opened = "opened"', 'opened = "opened"\nassigned = "assigned"')],
    )  # fmt: skip

    by_number = dict(Report.objects.values_list("external_number", "distortion__status"))
    assert by_number == {"18-0001": "reported", "18-0002": "assigned", "18-0003": "treated"}


def test_nothing_is_published_and_nobody_can_be_reached(city, tmp_path):
    Run(tmp_path, [row()])

    report = Report.objects.get()
    assert report.text_cleared_at is None
    assert not hasattr(report, "contact")
    assert (report.by, report.source, report.external_number) == (None, "940", "18-0001")
    assert report.supporter


def test_what_is_private_is_coarse_in_public(city, tmp_path):
    factories.element("street_vendor", is_private=True)

    Run(tmp_path, [row(kind="street_vendor")])

    found = Distortion.objects.get()
    assert found.is_private
    assert found.public_geometry == crs.coarse(found.geometry)


def test_what_came_back_is_linked_to_its_treatment(city, tmp_path):
    rows = [
        row(1, status="Checked"),
        row(2, status="Open", opened=at(20)),
        row(3, status="Open", opened=at(500)),
        row(4, status="Open", opened=at(20), lon=str(inside(1)["lon"])),
        row(5, status="Checked", lon=str(round(inside()["lon"] + 0.0001, 7))),
    ]

    Run(tmp_path, rows)

    first, back, late, elsewhere, _near = landed = Distortion.objects.order_by("pk")
    for found in landed:
        assert found.recurrence_of == recurring_at(
            found.geometry, element=found.element, at=found.first_reported_at
        )
    assert back.recurrence_of == first
    assert steps_of(back)[0].differences == {"recurrence_of": [None, first.pk]}
    assert (late.recurrence_of, elsewhere.recurrence_of) == (None, None)


def test_visits_that_are_still_to_come_are_planned(city, tmp_path):
    lately = timezone.now().astimezone(RIYADH) - timedelta(days=10)
    closed = f"{lately:%Y-%m-%d %H:%M}"

    Run(tmp_path, [row(1, status="Checked", closed=closed), row(2, status="Checked")])

    days = sorted(Visit.objects.values_list("due_date", flat=True))
    assert days == [lately.date() + timedelta(days=after) for after in (30, 90)]
    assert set(Visit.objects.values_list("distortion__reports__external_number", flat=True)) == {
        "18-0001"
    }


def test_numbers_follow_the_year_in_which_it_was_reported(city, tmp_path):
    Run(tmp_path, [row()])

    assert Distortion.objects.get().number.startswith(f"TF-{OPENED:%y}-")


def test_it_is_in_the_name_of_an_account_if_one_is_given(city, planner, tmp_path):
    Run(tmp_path, [row()], "--by=planner")

    assert {step.by for step in Step.objects.all()} == {planner.user}
    assert Report.objects.get().by == planner.user
