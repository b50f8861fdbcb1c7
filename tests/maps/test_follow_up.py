"""Follow-up on the desk: what waits for whom, and recording it by a form that works without scripts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gis_app.treatment.models import Visit
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db


def due(found, *, days: int = 0) -> Visit:
    """Let the first visit to *found* be due *days* ago."""
    visit = found.visits.earliest("due_date")
    visit.due_date = timezone.localdate() - timedelta(days=days)
    visit.save()
    return visit


def drawn(**facts):
    factories.team()
    type(factories.team()).objects.update(second_check_share=1)
    return factories.distortion("verified", **facts)


def send(browser, row, kind: str, **fields):
    address = f"/desk/{row.distortion.number}/{kind}/{row.pk}/"
    return browser.post(address, {"id": uuid4()} | fields)


def upload():
    return SimpleUploadedFile("now.jpg", factories.picture("#224466"), "image/jpeg")


@pytest.fixture
def another_verifier(db):
    browser = Client()
    browser.user = factories.user("verifier")
    browser.force_login(browser.user)
    return browser


def test_what_is_overdue_comes_first_then_today_then_the_next_days(inspector, city):
    today, late = factories.distortion("verified"), factories.distortion("verified")
    coming = factories.distortion("verified")  # in seven days
    due(today), due(late, days=3)

    context = inspector.get("/desk/follow-up/").context

    assert [visit.distortion for visit in context["due"]] == [late, today]
    assert [visit.distortion for visit in context["coming"]] == [coming]


def test_the_nearest_comes_first_when_the_place_is_known(inspector, city):
    near, far = (factories.distortion("verified", **inside(column)) for column in (0, 2))
    due(far, days=9), due(near)
    place = inside(0)

    rows = inspector.get("/desk/follow-up/", {"near": f"{place['lat']}, {place['lon']}"}).context[
        "due"
    ]

    assert [visit.distortion for visit in rows] == [near, far]
    assert rows[0].distance.m < rows[1].distance.m


def test_a_district_narrows_visits_and_checks(another_verifier, city):
    here, there = drawn(), drawn(**inside(2))
    due(here), due(there)

    context = another_verifier.get("/desk/follow-up/", {"district": "TAIF-003"}).context

    assert [visit.distortion for visit in context["due"]] == [there]
    assert [check.distortion for check in context["checks"]] == [there]


@pytest.mark.parametrize("params", [{"district": "x"}, {"near": "x"}])
def test_what_cannot_be_read_is_refused(inspector, city, params):
    assert inspector.get("/desk/follow-up/", params).status_code in (400, 422)


@pytest.mark.parametrize("role", ["crew", "triage", "planner"])
def test_nothing_waits_for_the_others(role, request, city):
    due(drawn())

    context = request.getfixturevalue(role).get("/desk/follow-up/").context

    assert not context["due"]
    assert not context["checks"]


def test_the_case_has_the_form_and_the_desk_counts(inspector, city):
    found = factories.distortion("verified")
    visit = due(found)

    case = inspector.get(f"/desk/{found.number}/").content.decode()

    assert f"/desk/{found.number}/visits/{visit.pk}/" in case
    assert inspector.get("/desk/").context["follow_up_count"] == 1


def test_a_visit_in_a_month_has_no_form_yet(inspector, city):
    found = factories.distortion("verified")
    found.visits.filter(due_date__lt=timezone.localdate() + timedelta(days=20)).delete()

    assert inspector.get(f"/desk/{found.number}/").context["follow_ups"] == []


def test_a_visit_is_recorded_with_its_photo(inspector, city):
    found = factories.distortion("verified")
    visit = due(found)

    answer = send(inspector, visit, "visits", found="back", photos=[upload()])

    assert answer["Location"] == "/desk/follow-up/"
    visit.refresh_from_db()
    assert visit.found == "back"
    assert found.recurrences.get().photos.count() == 1


def test_a_visit_without_a_finding_keeps_what_was_written(inspector, city):
    visit = due(factories.distortion("verified"))

    answer = send(inspector, visit, "visits", note="I was there.")

    assert answer.status_code == 422
    assert "I was there." in answer.content.decode()


def test_a_false_closure_needs_a_reason_and_keeps_the_photo_until_it_comes(another_verifier, city):
    found = drawn()
    check = found.second_checks.get()

    answer = send(another_verifier, check, "checks", result="false", photos=[upload()])
    kept = answer.context["follow_ups"][-1]["kept"].value()
    assert answer.status_code == 422
    assert kept == factories.sha256(factories.picture("#224466"))

    send(another_verifier, check, "checks", result="false", kept=kept, reason="Still there.")
    found.refresh_from_db()
    assert found.status == "reopened"
    assert found.steps.latest("pk").photos.count() == 1


def test_the_verifier_does_not_check_her_own(verifier, city):
    check = drawn().second_checks.get()

    assert send(verifier, check, "checks", result="confirmed").status_code == 404


def test_the_history_tells_what_was_found(inspector, city):
    found = factories.distortion("verified")
    send(inspector, due(found), "visits", found="unclear")

    inspector.cookies["django_language"] = "en"
    shown = inspector.get(f"/desk/{found.number}/history/").content.decode()

    assert "Could not be seen" in shown
