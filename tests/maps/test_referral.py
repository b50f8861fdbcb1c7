"""What was referred to another body: who has it, under which number there, and since when."""

from uuid import uuid4

import pytest

from gis_app.treatment.models import Body
from tests import factories

pytestmark = pytest.mark.django_db


def refer(found, **facts):
    return factories.move("refer", found, **({"body": "شركة المياه", "reference": "W-77"} | facts))


def page(browser, found) -> str:
    return browser.get(f"/desk/{found.number}/?queue=referred").content.decode()


def test_what_was_referred_waits_in_a_queue_with_its_body_and_reference(triage, city):
    found = refer(factories.distortion())

    (row,) = triage.get("/desk/", {"queue": "referred"}).context["rows"]

    assert (row.number, row.body, row.reference) == (found.number, "شركة المياه", "W-77")
    assert row.referred_at == found.steps.latest("pk").at
    assert "W-77" in page(triage, found)


def test_it_returns_with_an_answer_and_what_is_referred_again_keeps_its_history(triage, city):
    found = refer(factories.distortion())
    hidden = {"id": uuid4(), "expected_status": "referred"}

    triage.post(f"/desk/{found.number}/moves/return/", hidden | {"note": "Not our pipe."})
    found.refresh_from_db()
    again = refer(found, body="أمانة أخرى", reference="")

    shown = page(triage, again)
    (row,) = triage.get("/desk/", {"queue": "referred"}).context["rows"]
    assert (row.body, row.reference) == ("أمانة أخرى", "")
    assert all(words in shown for words in ("شركة المياه", "W-77", "Not our pipe.", "أمانة أخرى"))


def test_the_bodies_that_are_known_are_offered_and_another_can_be_written(triage, city):
    Body.objects.create(code="water", name_ar="شركة المياه", name_en="Water company")
    Body.objects.create(code="old", name_ar="جهة قديمة", is_active=False)
    found = factories.distortion()

    shown = page(triage, found)
    refer(found, body="جهة لا نعرفها")

    assert '<option value="شركة المياه">' in shown
    assert "جهة قديمة" not in shown


@pytest.mark.parametrize("role", ["crew", "verifier", "inspector"])
def test_the_queue_is_the_desks(role, request, city):
    browser = request.getfixturevalue(role)

    assert "referred" not in [name for name, *_ in browser.get("/desk/").context["queues"]]
