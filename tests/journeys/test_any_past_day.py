"""Whatever happened since: the list of any past day is a recount of the steps until then."""

import json
from collections import Counter
from datetime import date, datetime, timedelta
from unittest import mock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from gis_app.distortions.as_of import end_of
from gis_app.distortions.events import EVENTS
from gis_app.distortions.models import Distortion, Step
from gis_app.distortions.status import PUBLIC, Status
from gis_app.geo.filters import RIYADH
from gis_app.layers import LAYERS
from gis_app.treatment.workflow import MOVES
from tests import factories
from tests.journeys.test_state_machine import City, turns

BEGIN = datetime(2026, 3, 1, 10, tzinfo=RIYADH)
DISTRICTS = ("TAIF-001", "TAIF-002", "TAIF-003")
CORRECTED = {"element": "pothole", "quantity": 7, "reason": "A reason."}
ANYBODY = AnonymousUser()


class Years(City):
    """The city of the state machine, in which days pass and somebody looks back."""

    # What that test holds after each rule is held there.
    every_total_is_a_recount = every_row_is_what_its_steps_say = None
    no_step_and_no_report_is_lost = every_report_lies_where_its_origin_ended = None

    def __init__(self) -> None:
        self.now = BEGIN
        self.clock = mock.patch.object(timezone, "now", self._time)
        self.clock.start()
        super().__init__()

    def teardown(self) -> None:
        super().teardown()
        self.clock.stop()

    def _time(self) -> datetime:
        return self.now

    @rule(which=turns, turn=turns)
    def live_on(self, which, turn):
        """Something that can happen now: random moves are mostly refused."""
        found = self._one(which)
        fitting = [name for name, move in MOVES.items() if move.starts_from(found)]
        names = [name for name in fitting if name != "merge"]
        self._try(lambda: factories.move(names[turn % len(names)], found, **CORRECTED))

    @rule(days=st.integers(1, 5), ago=st.integers(1, 20), status=st.sampled_from(Status.values))
    def days_pass(self, days, ago, status):
        self.now += timedelta(days=days)
        for back in {1, ago}:
            self._look_back(timezone.localdate() - timedelta(days=back), status)
        self._count_since(timezone.localdate() - timedelta(days=ago))

    @rule(which=turns, name=st.sampled_from(("start", "treat", "pause", "resume")))
    def tell_late(self, which, name):
        """A telephone that was without signal tells what it did some days ago."""
        then = self.now - timedelta(days=3)
        self._try(lambda: factories.move(name, self._one(which), at=then))

    @rule(which=turns, code=st.sampled_from(DISTRICTS))
    def correct_district(self, which, code):
        self._try(lambda: factories.move("correct", self._one(which), district=code))

    def _look_back(self, day: date, status: str) -> None:
        known = {
            number: state for number in _numbers() if (state := _state(number, day)) is not None
        }

        assert _listed(day, factories.staff("triage")) == known
        by_status = Counter(state["status"] for state in known.values())
        for one in Status.values:
            assert len(_listed(day, factories.staff("triage"), status=one)) == by_status[one]
        asked = {"status": status, "district": DISTRICTS[day.day % 3], "element": "pothole"}
        for name, value in asked.items():
            found = _listed(day, factories.staff("triage"), **{name: value})
            assert found == {n: state for n, state in known.items() if state[name] == value}
        late = _listed(day, factories.staff("triage"), late="true")
        assert set(late) == {n for n, state in known.items() if state["late"]}
        self._public_looks_back(day, known)

    def _count_since(self, first: date) -> None:
        """Count what happened from *first* on."""
        days = f"{first}/.."
        for event, condition in EVENTS.items():
            counted = Step.objects.filter(condition, day__gte=first)
            rows = LAYERS["steps"].rows(factories.staff("triage"), {"event": event, "day": days})
            assert set(rows.values_list("pk", flat=True)) == set(
                counted.values_list("pk", flat=True)
            )
        public = LAYERS["steps"].rows(ANYBODY, {"day": days})
        for step in public.select_related("distortion"):
            assert step.to_status in PUBLIC
            assert step.distortion.status in PUBLIC
            assert step.shown_from in (None, "", *PUBLIC)

    def _public_looks_back(self, day: date, known: dict[str, dict]) -> None:
        now = dict(Distortion.objects.values_list("number", "status"))
        assert _listed(day, ANYBODY) == {
            number: state
            for number, state in known.items()
            if state["status"] in PUBLIC and now[number] in PUBLIC
        }


def _numbers() -> list[str]:
    return list(Distortion.objects.values_list("number", flat=True))


def _state(number: str, day: date) -> dict | None:
    """How it was at the end of *day*, told by its steps one by one; None when it was not known."""
    steps = [step for step in Step.objects.filter(distortion__number=number) if step.day <= day]
    if not steps:
        return None
    last = max(steps, key=lambda step: step.pk)
    return {
        "status": last.to_status,
        "district": last.to_district.code,
        "element": last.to_element.code,
        "quantity": last.to_quantity,
        "unit": last.to_element.unit,
        "late": bool(last.late_at and last.late_at < end_of(day)),
    }


def _listed(day: date, user, **params) -> dict[str, dict]:
    """The same, as the list has it."""
    layer = LAYERS["distortions"]
    rows = layer.rows(user, {"as_of": str(day), **params})
    names = ("status", "district", "element", "quantity", "unit", "late")
    return {
        found["id"]: {name: found["properties"][name] for name in names}
        for found in json.loads(layer.collection(rows))["features"]
    }


@pytest.mark.django_db
def test_any_past_day_is_told_as_it_was():
    run_state_machine_as_test(
        Years,
        settings=settings(max_examples=8, stateful_step_count=30, derandomize=True, deadline=None),
    )
