"""Messages that could not be sent: who sees them, and what the desk decides."""

import pytest
from django.core import mail

from gis_app.messages.models import Message
from tests import factories
from tests.messages.sending import tried

pytestmark = pytest.mark.django_db
PAGE = "/desk/messages/"


def dead(*, column: int = 0) -> Message:
    """A receipt that could not be sent."""
    facts = {"contact": {"email": "reader@example.com"}, "language": "en"}
    report = factories.report(**facts, **factories.inside(column))
    message = Message.objects.get(about=report.distortion.number)
    message.state, message.last_error, message.next_try_at = "dead", "SMTP 550", None
    message.save()
    return message


def shown(client) -> str:
    return client.get(PAGE).content.decode()


def test_the_desk_sees_what_could_not_be_sent_but_no_address(city, triage):
    message = dead()

    page = shown(triage)

    assert message.about in page
    assert "SMTP 550" in page
    assert "reader@example.com" not in page


@pytest.mark.parametrize("role", ["resident", "inspector", "crew", "verifier", "planner"])
def test_only_those_who_answer_reporters_see_the_page(city, role, request):
    client = request.getfixturevalue(role)

    assert client.get(PAGE).status_code == 403


def test_a_stranger_is_sent_to_the_sign_in(city, client):
    assert client.get(PAGE).status_code == 302


def test_another_part_of_the_city_is_not_hers(city, triage):
    mine, other = dead(), dead(column=1)
    triage.user.districts.add(city.west)

    page = shown(triage)

    assert mine.about in page
    assert other.about not in page
    answer = triage.post(PAGE, {"deed": "retry", "id": other.pk})
    assert answer.status_code == 404


def test_trying_again_sends_it(city, triage):
    message = dead()

    triage.post(PAGE, {"deed": "retry", "id": message.pk})

    assert tried(message).state == "sent"
    assert len(mail.outbox) == 1


def test_what_is_dropped_is_gone(city, triage):
    message = dead()

    triage.post(PAGE, {"deed": "drop", "id": message.pk})

    message.refresh_from_db()
    assert message.state == "stopped"
    assert message.about not in shown(triage)


def test_what_somebody_else_decided_is_told(city, triage):
    message = dead()
    triage.post(PAGE, {"deed": "drop", "id": message.pk})

    assert triage.post(PAGE, {"deed": "retry", "id": message.pk}).status_code == 404


def test_a_form_that_cannot_be_read_is_refused(city, triage):
    assert triage.post(PAGE, {"deed": "burn", "id": "x"}).status_code == 400
