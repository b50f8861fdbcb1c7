"""After verification somebody looks again: planned by the catalogue, done once, never by the treater."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from gis_app.distortions.models import Distortion
from gis_app.errors import Conflict, Refused
from gis_app.treatment.follow_up_actions import record_visit
from gis_app.treatment.models import Visit
from gis_app.treatment.monitoring import visits_of
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def made(visit: Visit, **facts):
    """Record *visit* as an inspector would, once it is verified for good."""
    asked = {"id": uuid4(), "by": factories.staff("inspector"), "found": "treated"} | facts
    return record_visit(visit=visit.pk, **asked)[0]


def picture_of(found: Distortion, by) -> str:
    data = factories.picture("#335577")
    factories.photo(data=data, by=by, distortion=found, kind="after")
    return factories.sha256(data)


@pytest.fixture
def case(city) -> Distortion:
    return factories.distortion("verified")


@pytest.fixture
def first(case) -> Visit:
    return case.visits.earliest("due_date")


def test_verification_plans_the_visits_of_the_catalogue(case):
    today = timezone.localdate()

    days = [(visit.due_date - today).days for visit in case.visits.order_by("due_date")]

    assert days == case.element.visit_days == [7, 30, 90]


def test_an_element_may_need_no_visit(city):
    element = factories.element()
    element.visit_days = []
    element.save()

    assert not factories.distortion("verified").visits.exists()


def test_reopening_drops_the_visits_that_nobody_made(case, first):
    made(first)
    case = factories.move("reopen", case)

    assert not visits_of(factories.staff("inspector")).exists()
    assert case.visits.filter(dropped_at=None).get() == first


def test_a_second_verification_plans_anew(case):
    factories.move("reopen", case)
    for name in ("assign", "treat", "verify"):
        case = factories.move(name, case)

    assert case.visits.filter(dropped_at=None).count() == len(case.element.visit_days)


def test_a_visit_leaves_a_step_with_its_photo_beside_the_life(case, first):
    inspector = factories.staff("inspector")

    step = made(first, note="Clean.", photos=[picture_of(case, inspector)])

    first.refresh_from_db()
    assert (first.found, first.by, first.done_at) == ("treated", inspector, step.at)
    assert (step.move, step.from_status, step.to_status) == ("visit", "verified", "verified")
    assert step.text.note == "Clean."
    assert step.photos.get().kind == "after"
    assert step.differences == {"visit": [first.due_date.isoformat(), "treated"]}


def test_of_each_distortion_the_next_visit_is_asked_for(case, first):
    inspector = factories.staff("inspector")
    assert visits_of(inspector).get() == first

    made(first)

    assert visits_of(inspector).get() == case.visits.order_by("due_date")[1]


def test_one_look_answers_all_visits_that_are_due(case, first):
    day = timezone.localdate()
    for visit in case.visits.all()[:2]:
        visit.due_date = day = day - timedelta(days=1)
        visit.save()

    made(visits_of(factories.staff("inspector")).get(), found="unclear")

    assert case.visits.planned().count() == 1
    assert case.visits.exclude(dropped_at=None).count() == 1


def test_the_same_visit_again_is_the_first_one(case, first):
    id = uuid4()
    step = made(first, id=id)

    assert made(first, id=id) == step
    with pytest.raises(Conflict):
        made(first, id=id, found="unclear")
    with pytest.raises(Refused, match="does not wait for you"):
        made(first)  # it was made
    assert case.steps.filter(move="visit").count() == 1


def test_what_came_back_is_reported_as_a_recurrence_with_the_photo(case, first):
    inspector = factories.staff("inspector")

    step = made(first, found="back", photos=[picture_of(case, inspector)])

    back = case.recurrences.get()
    assert (back.status, back.element, back.geometry) == ("reported", case.element, case.geometry)
    assert step.into == back
    report = back.reports.get()
    assert (report.by, report.source) == (inspector, "field")
    assert (back.photos.get().report, back.photos.get().kind) == (report, "before")
    assert not visits_of(inspector).exists()


def test_it_recurs_even_when_the_elements_days_are_over(case, first):
    long_ago = timezone.now() - timedelta(days=case.element.recurrence_days + 3)
    Distortion.objects.filter(pk=case.pk).update(verified_at=long_ago)

    made(first, found="back")

    assert case.recurrences.get().steps.latest("pk").move == "recur"


def test_what_came_back_joins_the_recurrence_that_is_open(case, first):
    known = factories.distortion(observed_at=timezone.now())
    assert known.recurrence_of == case

    made(first, found="back")

    assert case.recurrences.get() == known
    assert known.reports.count() == 2


@pytest.mark.parametrize("role", ["crew", "triage", "planner"])
def test_only_inspectors_and_verifiers_visit(case, first, role):
    with pytest.raises(Refused) as refusal:
        made(first, by=factories.staff(role))

    assert refusal.value.status == 404


def test_whoever_treated_it_or_is_of_its_team_does_not_visit(case, first):
    treater = case.steps.get(move="treat").by
    treater.role = "verifier"
    treater.save()
    colleague = factories.user("inspector", team=factories.team())
    stranger = factories.user("inspector", team=factories.team("another"))

    assert not visits_of(treater).exists()
    assert not visits_of(colleague).exists()
    assert visits_of(stranger).count() == 1


def test_a_visit_lies_in_the_scope_of_its_visitor(case, city):
    elsewhere = factories.user("inspector")
    elsewhere.districts.set([city.east])

    assert not visits_of(elsewhere).exists()


def test_an_unknown_finding_or_photo_changes_nothing(case, first):
    with pytest.raises(Refused) as refusal:
        made(first, found="gone")
    assert list(refusal.value.fields) == ["found"]

    with pytest.raises(Refused) as refusal:
        made(first, found="back", photos=["0" * 64])
    assert list(refusal.value.fields) == ["photos"]
    assert not case.recurrences.exists()
