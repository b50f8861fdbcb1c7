"""Asking for no more messages: by the page behind each message, or by one press in a mail program."""

import pytest
from django.test import Client

from gis_app.distortions.models import Contact
from gis_app.messages.models import Message
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(city) -> Contact:
    return factories.report(contact={"email": "reader@example.com"}, language="en").contact


def address(contact: Contact) -> str:
    return f"/stop/{contact.stop_token}/"


def test_a_look_at_the_page_stops_nothing(contact, client):
    answer = client.get(address(contact))

    contact.refresh_from_db()
    assert contact.stopped_at is None
    assert answer["X-Robots-Tag"] == "noindex"
    assert "<button" in answer.content.decode()


def test_the_page_shows_no_whole_address(contact, client):
    page = client.get(address(contact)).content.decode()

    assert "reader@example.com" not in page
    assert contact.report.number in page


def test_after_the_button_nothing_more_is_sent(contact, client):
    client.post(address(contact))
    factories.move("accept", contact.report.distortion)

    assert not Message.objects.filter(kind="accepted").exists()
    assert Message.objects.get(kind="received").state == "stopped"


def test_a_mail_program_stops_them_without_a_cookie(contact):
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(address(contact), {"List-Unsubscribe": "One-Click"})

    contact.refresh_from_db()
    assert answer.status_code == 200
    assert contact.stopped_at


def test_all_that_the_same_person_sent_is_silent(contact, client):
    other = factories.report(contact={"email": "reader@example.com"}).contact
    stranger = factories.report(contact={"email": "stranger@example.com"}).contact

    client.post(address(contact))

    other.refresh_from_db()
    stranger.refresh_from_db()
    assert other.stopped_at
    assert stranger.stopped_at is None


def test_asking_twice_keeps_the_first_moment(contact, client):
    client.post(address(contact))
    first = Contact.objects.get(pk=contact.pk).stopped_at

    answer = client.post(address(contact))

    assert answer.status_code == 200
    assert Contact.objects.get(pk=contact.pk).stopped_at == first


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_address_is_answered_kindly(city, client, method):
    answer = getattr(client, method)("/stop/nobody/")

    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()


def test_nobody_is_silenced_by_somebody_who_named_her_telephone(city, client):
    hers = factories.report(contact={"phone": "0501234567", "email": "reader@example.com"})
    other = factories.report(contact={"phone": "0501234567", "email": "stranger@example.com"})

    client.post(address(other.contact))  # it came to the stranger's mail

    assert list(Contact.objects.filter(stopped_at=None)) == [hers.contact]
