"""Telephones: one POST for each message, to a real server on this machine."""

import pytest

from tests.messages.sending import queued, stub, tried

pytestmark = pytest.mark.django_db
PHONE = {"channel": "sms", "to": "+966500000000"}


@pytest.fixture
def gateway(settings):
    with stub() as server:
        settings.RASD_GATEWAYS = {"sms": (server.url, "a-token")}
        yield server


def test_a_text_message_goes_to_the_gateway_with_its_token(city, gateway):
    message = tried(queued(**PHONE))

    assert message.state == "sent"
    assert gateway.heard == [
        {
            "id": str(message.pk),
            "channel": "sms",
            "to": "+966500000000",
            "language": "en",
            "text": message.body,
            "authorization": "Bearer a-token",
        }
    ]
    assert "https://rasd.test/stop/token/" in message.body


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_what_the_gateway_refuses_is_not_tried_again(city, gateway, status):
    gateway.status = status

    message = tried(queued(**PHONE))

    assert (message.state, message.last_error) == ("dead", f"HTTP {status}")


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_the_gateway_cannot_do_now_is_tried_again(city, gateway, status):
    gateway.status = status
    message = tried(queued(**PHONE))
    assert (message.state, message.last_error) == ("failed", f"HTTP {status}")

    gateway.status = 202

    assert tried(message).state == "sent"
    assert gateway.heard[0]["id"] == gateway.heard[1]["id"]


def test_nobody_at_the_gateways_address_is_tried_again(city, settings):
    settings.RASD_GATEWAYS = {"sms": ("http://127.0.0.1:9/", "")}

    message = tried(queued(**PHONE))

    assert (message.state, message.last_error) == ("failed", "ConnectionRefusedError")


def test_a_gateway_that_was_taken_away_keeps_its_messages_waiting(city, gateway, settings):
    message = queued(**PHONE)
    settings.RASD_GATEWAYS = {}

    message = tried(message)

    assert (message.state, message.last_error) == ("failed", "channel is not set up")


@pytest.mark.parametrize("status", [301, 302, 303, 307])
def test_a_gateway_that_leads_elsewhere_has_taken_nothing_over(city, gateway, status):
    gateway.status, gateway.leads_to = status, gateway.url.replace("messages", "sign-in")

    message = tried(queued(**PHONE))

    assert (message.state, message.last_error) == ("dead", f"HTTP {status}")
    assert (len(gateway.heard), gateway.asked) == (1, [])
