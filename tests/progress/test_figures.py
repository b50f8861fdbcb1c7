"""The numbers: what they count, what stands beside them, and that they equal a recount."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gis_app.distortions.models import Distortion
from gis_app.distortions.status import COUNTED, OPEN, Status
from gis_app.errors import Refused, Unreadable
from gis_app.layers import LAYERS
from gis_app.progress import state
from gis_app.progress.figures import by_element, progress
from gis_app.treatment.workflow import MOVES
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db


def test_every_status_is_counted_in_its_place(city):
    for status in Status.values:
        factories.distortion(status)

    figures = progress({}).totals

    # the merged one brought its survivor, which awaits triage
    assert (figures.open, figures.treated, figures.verified, figures.total) == (4, 1, 1, 6)
    assert (figures.reported, figures.rejected, figures.referred, figures.merged) == (2, 1, 1, 1)
    assert figures.treatment_rate == pytest.approx(2 / 6)
    assert figures.verified_rate == pytest.approx(1 / 6)


def test_what_stands_today_of_a_source_is_told_by_the_rows(city, monkeypatch):
    monkeypatch.setattr(state, "COUNTED", "the steps, of which there are too many")
    for status in Status.values:
        factories.distortion(status, quantity=2.5)
    Distortion.objects.filter(status__in=OPEN).update(due_at=timezone.now() - timedelta(days=1))
    everything = {**progress({}).totals.published(), "late": 4}

    assert progress({"source": "resident"}).totals.published() == everything
    assert progress({"source": "field"}).totals.published()["total"] == 0
    assert progress({"source": "resident", "as_of": str(timezone.localdate())}).totals.total == 6


def test_a_rate_of_nothing_is_unknown(city):
    figures = progress({}).districts[0]

    assert (figures.total, figures.treatment_rate, figures.verified_rate) == (0, None, None)


def test_of_every_hundred_is_always_a_hundred(city):
    for status in ("accepted", "treated", "verified"):
        factories.distortion(status)

    assert progress({}).totals.hundred == {"verified": 33, "treated": 34, "open": 33}


def test_the_oldest_that_waits_is_told(city):
    old = factories.distortion("reported", observed_at=timezone.now() - timedelta(days=9))
    factories.distortion("reported")
    factories.distortion("verified", observed_at=timezone.now() - timedelta(days=90))

    assert progress({}).totals.waiting_since == old.first_reported_at


def test_each_district_has_its_own_and_the_city_all(city):
    factories.distortion("accepted")
    factories.distortion("verified", **inside(1))
    factories.distortion("verified", **inside(1))

    found = progress({})

    assert [district.total for district in found.districts] == [1, 2, 0]
    assert found.totals.total == 3


def test_quantities_are_summed_by_unit_latest_treated_else_reported(city):
    factories.distortion("accepted", quantity=4)
    factories.distortion("treated", quantity=9)  # treated 2.5
    factories.distortion("reported", quantity=100)  # not counted

    assert progress({}).totals.quantities["m2"] == {"open": 4, "treated": 2.5, "verified": 0}


def test_an_element_is_asked_for_by_its_code(city):
    factories.distortion("accepted")
    factories.distortion("accepted", code="pothole")

    assert progress({"element": "pothole"}).totals.total == 1
    assert [(row.code, row.total) for row in by_element({})] == [("pothole", 1), ("graffiti", 1)]


@pytest.mark.parametrize(
    "params",
    [
        {"as_of": "2999-01-01"},
        {"as_of": "yesterday"},
        {"as_of": "2026-01-01", "to": "2026-01-02"},
        {"from": "2026-01-02", "to": "2026-01-01"},
        {"element": "unknown"},
        {"x": ""},
    ],
)
def test_what_cannot_be_read_is_refused(city, params):
    with pytest.raises(Unreadable):
        progress(params)


def test_the_number_of_queries_does_not_grow(city, django_assert_num_queries):
    for column in range(3):
        for status in ("accepted", "treated", "rejected"):
            factories.distortion(status, **inside(column))

    with django_assert_num_queries(5):  # two of them are of the registers, read once a process
        progress({})


def naive_recount() -> Counter:
    """Count each distortion under the last of its steps, one by one."""
    found = Counter()
    for distortion in Distortion.objects.all():
        step = distortion.steps.latest("pk")
        found[step.to_district_id, step.to_status] += 1
    return found


class ProgressIsTheHistory(TestCase):
    """Whatever moves are made, the totals equal a recount from the steps, everywhere."""

    @settings(max_examples=12, derandomize=True, deadline=None)
    @given(
        wishes=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(sorted(MOVES))), max_size=14)
    )
    def test_recount(self, wishes):
        for column in range(2):
            factories.district(f"TAIF-00{column}", column=column)
        cases = [factories.distortion("reported", **inside(n % 2)) for n in range(4)]

        for which, name in wishes:
            facts = {"quantity": 7} if name == "correct" else {}
            with suppress(Refused):  # it does not start there
                factories.move(name, cases[which], **facts)

        counted = naive_recount()
        shown = progress({})
        for status in (Status.REPORTED, Status.REJECTED, Status.REFERRED, Status.MERGED):
            assert getattr(shown.totals, status) == total(counted, [status])
        assert shown.totals.open == total(counted, OPEN)
        listed = LAYERS["distortions"].rows(AnonymousUser(), {"status": ",".join(COUNTED)})
        assert shown.totals.total == listed.count() == total(counted, COUNTED)


def total(counted: Counter, statuses) -> int:
    return sum(count for (_district, status), count in counted.items() if status in statuses)
