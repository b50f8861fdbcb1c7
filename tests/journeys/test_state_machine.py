"""Whatever happens in whatever order: nothing is lost, every total is a recount, Steps tell it all."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
import shapely
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from gis_app.distortions.gathering import counts
from gis_app.distortions.models import Distortion, Photo, Report, Step
from gis_app.distortions.privacy import erase_report
from gis_app.distortions.status import OPEN, Status
from gis_app.errors import Refused
from gis_app.layers import LAYERS
from gis_app.places.reading import DistrictRow
from gis_app.progress.figures import progress
from gis_app.sites.actions import redraw_city
from gis_app.treatment.actions import make_move
from gis_app.treatment.workflow import MOVES
from tests import factories

ELEMENTS = ("graffiti", "pothole", "damaged_sidewalk")
DEVICES = ("one phone", "another phone")
# On either side of the border between the first two districts, the nearest some metres from it.
PLACES = (0.90, 0.99, 1.01, 1.10)
BORDERS = (0.95, 1.0, 1.05)  # in squares from the west
turns = st.integers(0, 9)


class City(RuleBasedStateMachine):
    """Residents report and join, the desk moves, merges and splits, borders shift, people are erased."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.steps: dict[int, tuple] = {}
        self.reports: set[str] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def build(self) -> None:
        for column in range(3):
            factories.district(f"TAIF-00{column + 1}", column=column)
        for code in ELEMENTS:
            factories.element(code)
        for place in PLACES[:2]:
            self._report("graffiti", place, DEVICES[0])

    # --- what happens

    @rule(
        code=st.sampled_from(ELEMENTS),
        place=st.sampled_from(PLACES),
        phone=st.sampled_from(DEVICES),
    )
    def report(self, code, place, phone):
        self._report(code, place, phone)

    @rule(which=turns, phone=st.sampled_from(DEVICES))
    def join(self, which, phone):
        found = self._one(which)
        place = {"geometry": found.geometry.centroid}
        self._report(found.element.code, None, phone, same_as=found.number, **place)

    @rule(which=turns, name=st.sampled_from(sorted(set(MOVES) - {"merge"})))
    def move(self, which, name):
        facts = {"correct": {"quantity": 7, "element": "pothole"}, "split": {"element": "pothole"}}
        self._try(lambda: factories.move(name, self._one(which), **facts.get(name, {})))

    @rule(which=turns, other=turns)
    def merge(self, which, other):
        asked = {"number": self._one(which).number, "into": self._one(other).number}
        self._try(lambda: make_move("merge", id=uuid4(), by=factories.staff("triage"), **asked))

    @rule(which=turns)
    def photo(self, which):
        reports = Report.objects.order_by("number")
        said = reports[which % reports.count()]
        self._try(lambda: factories.photo(report=said, data=factories.picture(f"#0000{which}0")))

    @rule(border=st.sampled_from(BORDERS))
    def redraw(self, border):
        rows = [_district("TAIF-001", 0, border), _district("TAIF-002", border, 2)]
        today = timezone.localdate()
        planner = factories.staff("planner")
        self._try(
            lambda: redraw_city(rows=rows, amana=factories.amana(), valid_from=today, by=planner)
        )

    @rule(which=turns)
    def erase(self, which):
        reports = Report.objects.order_by("number")
        said = reports[which % reports.count()]
        self._try(lambda: erase_report(report_id=said.pk, by=factories.staff("admin")))

    # --- what is true after all of it

    @invariant()
    def every_total_is_a_recount(self):
        last = [row.steps.latest("pk") for row in Distortion.objects.all()]
        recount = Counter((step.to_district.code, step.to_status) for step in last)
        shown = progress({})
        for figures in shown.districts:
            here = {status: n for (code, status), n in recount.items() if code == figures.code}
            assert figures.open == sum(here.get(status, 0) for status in OPEN)
            for status in set(Status) - set(OPEN):
                assert getattr(figures, status) == here.get(status, 0)
        assert shown.totals.total == sum(figures.total for figures in shown.districts)
        listed = LAYERS["distortions"].rows(AnonymousUser(), {"status": "reported"})
        assert listed.count() == shown.totals.reported

    @invariant()
    def every_row_is_what_its_steps_say(self):
        for row in Distortion.objects.all():
            steps = list(row.steps.all())
            assert row.version == len(steps)
            for before, after in pairwise(steps):
                assert _end(before) == _start(after)
            assert _end(steps[-1]) == (row.status, row.district_id, row.element_id, row.quantity)
            assert (steps[-1].team_id, steps[-1].due_at) == (row.team_id, row.due_at)

    @invariant()
    def no_step_and_no_report_is_lost(self):
        steps = {step.pk: _told(step) for step in Step.objects.all()}
        assert self.steps.items() <= steps.items()
        self.steps = steps
        reports = set(Report.objects.values_list("number", flat=True))
        assert self.reports <= reports
        self.reports = reports

    @invariant()
    def every_report_lies_where_its_origin_ended(self):
        for model in (Report, Photo):
            for row in model.objects.select_related("origin", "distortion"):
                assert row.distortion == row.origin.survivor()
        for row in Distortion.objects.all():
            stored = {"reports_count": row.reports_count, "supporters_count": row.supporters_count}
            assert counts(row) == stored
            assert (row.reports_count == 0) == (row.status == Status.MERGED)

    # --- helpers

    def _one(self, which: int) -> Distortion:
        rows = Distortion.objects.order_by("number")
        return rows[which % rows.count()]

    def _report(self, code, place, phone, **facts):
        where = {} if place is None else factories.inside(0, east=place)
        hour_ago = timezone.now() - timedelta(hours=1)
        self._try(
            lambda: factories.report(
                code=code, device=phone, observed_at=hour_ago, **where, **facts
            )
        )

    def _try(self, deed) -> None:
        """Do it, or learn that it is refused: then nothing has changed."""
        before = _everything()
        try:
            deed()
        except Refused:
            assert _everything() == before


def _everything() -> tuple:
    return (
        Step.objects.count(),
        Report.objects.count(),
        list(
            Distortion.objects.order_by("pk").values_list(
                "pk", "status", "version", "reports_count"
            )
        ),
    )


def _start(step: Step) -> tuple:
    return step.from_status, step.from_district_id, step.from_element_id, step.from_quantity


def _end(step: Step) -> tuple:
    return step.to_status, step.to_district_id, step.to_element_id, step.to_quantity


def _told(step: Step) -> tuple:
    return (
        step.uuid,
        step.move,
        step.at,
        step.by_id,
        str(step.differences),
        *_start(step),
        *_end(step),
    )


def _district(code: str, west: float, east: float) -> DistrictRow:
    left, right = (factories.WEST + share * factories.SIDE for share in (west, east))
    square = shapely.box(left, factories.SOUTH, right, factories.SOUTH + factories.SIDE)
    return DistrictRow(code, f"حي {code}", None, None, None, None, shapely.MultiPolygon([square]))


@pytest.mark.django_db
def test_the_laws_hold_whatever_happens():
    run_state_machine_as_test(
        City,
        settings=settings(max_examples=15, stateful_step_count=20, derandomize=True, deadline=None),
    )
