"""The index of visual distortion: what it counts, what stands beside it, and what if."""

from datetime import date, timedelta
from math import isclose

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gis_app.catalogue.formula_actions import begin_formula, load_formulas
from gis_app.catalogue.models import IndexFormula
from gis_app.distortions.models import Distortion
from gis_app.distortions.status import OPEN
from gis_app.errors import Unreadable
from gis_app.places.models import DistrictVersion
from gis_app.progress.index import NoFormula, index
from tests import factories
from tests.factories import inside
from tests.progress.weighing import FORMULA, days_before, stand

pytestmark = pytest.mark.django_db


def west(**asked):
    return index({name.replace("__", "."): text for name, text in asked.items()}).districts[0]


# --- what counts


def test_it_is_weight_times_severity_times_size_times_days(formula):
    stand(quantity=8)  # twice the usual; graffiti has severity 1

    found = west()

    assert found.points == pytest.approx(2 * 1 * 2 * 10)
    assert found.parts == {"graffiti": pytest.approx(40)}


def test_an_unknown_size_is_the_usual_one(formula):
    stand()

    assert west().points == pytest.approx(2 * 10)


@pytest.mark.parametrize(("quantity", "size"), [(0.1, 0.5), (1000, 4)])
def test_sizes_have_bounds(formula, quantity, size):
    stand(quantity=quantity)

    assert west().points == pytest.approx(2 * size * 10)


def test_after_some_days_it_counts_no_more(formula):
    stand(days=31)

    assert west().points == pytest.approx(2 * 30)


def test_severity_has_a_factor_and_other_elements_a_weight(formula):
    stand(code="damaged_sidewalk", quantity=7)  # severity 2; no usual size: 1

    assert west().points == pytest.approx(1 * 2 * 1 * 10)


def test_what_awaits_triage_or_was_claimed_stands_beside_it(formula):
    stand("reported")
    stand("treated", quantity=4)  # treated 2.5
    for status in ("verified", "rejected", "referred"):
        stand(status, **inside(1))

    found = west()

    assert (found.points, found.awaiting) == (0, pytest.approx(20))
    assert found.claimed == pytest.approx(2 * 2.5 / 4 * 10)
    assert index({}).districts[1].points == 0


def test_it_is_told_by_area_and_by_residents(formula):
    stand()

    found = west()
    area_km2 = DistrictVersion.objects.get(district__code="TAIF-001").area_m2 / 1e6

    assert found.per_km2 == pytest.approx(20 / area_km2)
    assert found.per_1000 == pytest.approx(20 / 10)


def test_without_a_number_of_residents_there_is_none_for_them(formula):
    factories.District.objects.update(population=None)

    assert west().per_1000 is None


def test_a_district_of_which_little_is_known_has_no_rank(formula, settings):
    stand()
    settings.RASD_COVERAGE_SHARE = 0.01
    assert [row.rank for row in index({}).districts] == [1, None, None]

    settings.RASD_COVERAGE_SHARE = 0.5
    assert west().rank is None


def test_a_tiny_district_has_no_rank(formula, settings):
    settings.RASD_COVERAGE_SHARE = 0
    IndexFormula.objects.update(least_km2=50)

    assert {row.rank for row in index({}).districts} == {None}


# --- another day


def test_a_past_day_is_told_as_it_was(formula):
    yesterday = timezone.localdate() - timedelta(days=1)
    long_ago = days_before(yesterday, 10)
    unmoved = factories.distortion(observed_at=long_ago)
    moved = factories.distortion(observed_at=long_ago, code="pothole", quantity=2)
    for one in (unmoved, moved):
        factories.move("accept", one, at=long_ago + timedelta(hours=1))
    for name in ("assign", "treat"):
        factories.move(name, moved)

    assert west().parts == {"graffiti": pytest.approx(2 * 11)}
    then = west(as_of=yesterday.isoformat())
    assert then.parts == {
        "graffiti": pytest.approx(2 * 10),
        "pothole": pytest.approx(3 * 3 * 10),
    }
    assert west(as_of=(yesterday - timedelta(days=20)).isoformat()).points == 0


def test_the_formula_of_the_day_holds(formula):
    stand()
    later = begin_formula(like=formula, by=None)
    later.weights.update(weight=5)

    assert west().points == pytest.approx(20)
    IndexFormula.objects.filter(pk=later.pk).update(valid_from=timezone.localdate())
    assert west().points == pytest.approx(50)
    assert index({"as_of": "2019-01-01"}).formula == formula


def test_without_a_formula_there_is_no_index(city):
    with pytest.raises(NoFormula):
        index({})


# --- what if


def test_what_if_weighs_otherwise_and_tells_what_holds(formula):
    stand()

    found = index({"weight.graffiti": "3", "severity.1": "2", "cap_days": "5"})

    assert found.is_what_if
    assert found.districts[0].points == pytest.approx(3 * 2 * 5)
    assert found.districts[0].in_force == pytest.approx(20)


def test_the_formulas_own_values_change_nothing(formula):
    stand()

    asked = {"weight.graffiti": "2", "severity.1": "1", "cap_days": "٣٠"}

    assert not index(asked).is_what_if
    assert index(asked).districts == index({}).districts


@pytest.mark.parametrize(
    "asked",
    [
        {"weight.graffiti": "-1"}, {"weight.graffiti": "nan"}, {"weight.graffiti": "much"},
        {"weight.nothing": "1"}, {"severity.5": "1"}, {"severity.1": "101"},
        {"cap_days": "0"}, {"cap_days": "1.5"}, {"cap_days": "99999"},
        {"element": "nothing"}, {"sub_municipality": "nowhere"}, {"q": "x"},
        {"as_of": "2999-01-01"}, {"as_of": "yesterday"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(formula, asked):
    with pytest.raises(Unreadable) as refused:
        index(asked)

    assert list(refused.value.fields) == list(asked)


class Parts(TestCase):
    """The index of several elements is the sum of theirs, and a past day equals a recount."""

    @settings(max_examples=8, derandomize=True, deadline=None)
    @given(
        cases=st.lists(
            st.tuples(
                st.sampled_from(["graffiti", "pothole", "damaged_sidewalk"]),
                st.sampled_from(["reported", "accepted", "assigned", "treated", "rejected"]),
                st.integers(0, 40),
                st.one_of(st.none(), st.floats(0.1, 50)),
            ),
            max_size=6,
        ),
        ago=st.integers(1, 40),
    )
    def test_sums_and_recounts(self, cases, ago):
        factories.district()
        for code in ("graffiti", "pothole", "damaged_sidewalk"):
            factories.element(code)
        load_formulas([FORMULA])
        for code, status, days, quantity in cases:
            stand(status, code=code, days=days + 1, quantity=quantity)
        day = timezone.localdate() - timedelta(days=ago)

        parts = [west(element=code).points for code in ("graffiti", "pothole")]
        both = west(element="graffiti,pothole").points

        assert isclose(sum(parts), both, abs_tol=1e-6)
        assert isclose(west().points, recounted(timezone.localdate()), abs_tol=1e-6)
        assert isclose(west(as_of=day.isoformat()).points, recounted(day), abs_tol=1e-6)


def recounted(day: date) -> float:
    """The points of a day from each distortion's steps, one by one."""
    weights = {told["element"]: told for told in FORMULA["weights"]}
    points = 0.0
    for one in Distortion.objects.all():
        step = one.steps.filter(day__lte=day).order_by("pk").last()
        if step is None or step.to_status not in OPEN:
            continue
        told = weights.get(step.to_element.code, {"weight": 1, "usual": None})
        size = step.to_quantity / told["usual"] if step.to_quantity and told["usual"] else 1
        stood = days_before(day, 0) - one.first_reported_at
        points += (
            told["weight"]
            * FORMULA["severity"][one.severity - 1]
            * min(max(size, 0.5), 4)
            * min(stood / timedelta(days=1), 30)
        )
    return points
