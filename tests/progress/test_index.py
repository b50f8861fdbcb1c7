"""The index of visual distortion: what it counts, what stands beside it, and what if."""

from datetime import date, datetime, timedelta
from math import isclose

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gis_app.catalogue.formula_actions import begin_formula, load_formulas
from gis_app.catalogue.models import Element, IndexFormula
from gis_app.distortions.models import Distortion
from gis_app.distortions.status import OPEN
from gis_app.errors import Forbidden, Unreadable
from gis_app.geo.filters import RIYADH
from gis_app.places.models import DistrictVersion
from gis_app.progress.index import NoFormula, index
from tests import factories
from tests.factories import inside
from tests.fieldapi.asking import get

pytestmark = pytest.mark.django_db
FORMULA = {
    "version": 1,
    "valid_from": "2018-01-01",
    "severity": [1, 2, 3, 4],
    "size": {"least": 0.5, "most": 4},
    "cap_days": 30,
    "other_weight": 1,
    "least_km2": 0.25,
    "note_ar": "مقترح",
    "note_en": "A proposal",
    "weights": [
        {"element": "graffiti", "weight": 2, "usual": 4},
        {"element": "pothole", "weight": 3, "usual": 2},
    ],
}


@pytest.fixture
def formula(city):
    load_formulas([FORMULA])
    return IndexFormula.objects.get()


def days_before(end: date, days: float) -> datetime:
    """The moment that lies so many days before the end of a day in Riyadh."""
    midnight = datetime.combine(end + timedelta(days=1), datetime.min.time(), RIYADH)
    return midnight - timedelta(days=days)


def stand(status="accepted", *, days: float = 10, **facts) -> Distortion:
    """A distortion of *status* that has stood for so many days when today is over."""
    return factories.distortion(
        status, observed_at=days_before(timezone.localdate(), days), **facts
    )


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


def test_without_a_formula_there_is_no_index(city, client):
    with pytest.raises(NoFormula):
        index({})

    assert get(client, "districts/index").status_code == 422


# --- what if


def test_what_if_weighs_otherwise_and_tells_what_holds(formula):
    stand()

    found = index({"weight.graffiti": "3", "severity.1": "2", "cap_days": "5"})

    assert found.is_what_if
    assert found.districts[0].points == pytest.approx(3 * 2 * 5)
    assert found.districts[0].in_force == pytest.approx(20)
    assert found.districts[0].change == pytest.approx(0.5)


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


# --- the formula as data


def test_the_files_formula_names_every_element_of_the_catalogue(db):
    call_command("load_catalogue", verbosity=0)
    call_command("load_index")
    call_command("load_index")

    assert IndexFormula.objects.get().weights.count() == Element.objects.count()


def test_a_new_version_is_begun_by_planners_alone(formula, planner, crew):
    made = begin_formula(like=formula, by=planner.user)

    assert (made.version, made.is_to_come) == (2, True)
    assert made.weights.count() == Element.objects.count()
    with pytest.raises(Forbidden):
        begin_formula(like=formula, by=crew.user)


def test_a_formula_is_changed_only_before_it_begins(formula, admin):
    admin.user.is_staff = admin.user.is_superuser = True
    admin.user.save()
    listed = reverse("admin:catalogue_indexformula_changelist")
    of_the_past = reverse("admin:catalogue_indexformula_change", args=[formula.pk])

    answer = admin.post(listed, {"action": "begin_next", "_selected_action": [formula.pk]})
    assert admin.post(of_the_past, {"cap_days": 1}).status_code == 403

    assert 'name="cap_days"' in admin.get(answer["Location"]).content.decode()
    assert 'name="cap_days"' not in admin.get(of_the_past).content.decode()


# --- the doors


def test_the_feed_tells_the_formula_with_the_figures(formula, client):
    stand()

    body = get(client, "districts/index?weight.graffiti=4").json()

    found = body["features"][0]["properties"]
    assert (body["what_if"], body["formula"]["version"]) == (True, 1)
    assert body["formula"]["weights"]["graffiti"] == 4
    assert (found["index"], found["in_force"]) == (pytest.approx(40), pytest.approx(20))
    assert found["parts"] == {"graffiti": pytest.approx(40)}
    assert body["totals"]["index"] == pytest.approx(40)


def test_the_feeds_list_has_exactly_the_rows_behind_it(formula, client):
    for status in ("reported", "accepted", "assigned", "treated"):
        stand(status)

    properties = get(client, "districts/index").json()["features"][0]["properties"]
    rows = client.get(properties["list"].partition("testserver")[2]).json()["features"]

    assert {row["properties"]["status"] for row in rows} == {"accepted", "assigned"}


def test_a_number_out_of_bounds_is_refused_in_words(formula, client):
    answer = get(client, "districts/index?cap_days=0&severity.9=1")

    assert answer.status_code == 400
    assert answer.json()["errors"] == {
        "cap_days": ["Give a number from 1 to 3650."],
        "severity.9": ["This filter is not known."],
    }


def test_the_number_of_queries_does_not_grow(formula, client, django_assert_max_num_queries):
    for column in range(3):
        for status in ("reported", "accepted", "treated"):
            stand(status, **inside(column))

    with django_assert_max_num_queries(7):
        get(client, "districts/index")
