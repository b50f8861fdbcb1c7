"""How a message leaves: by mail, or through the gateway that the city has for telephones."""

import json
from http import HTTPStatus
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from gis_app.messages.errors import Undeliverable
from gis_app.messages.mail import Mail
from gis_app.messages.models import Channel, Message

TIMEOUT_SECONDS = 10
_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)


class _NoRedirects(HTTPRedirectHandler):
    """A gateway that answers with another address has taken nothing over, nor is that one told
    the token.
    """

    def redirect_request(self, *_answer):
        return None


_open = build_opener(_NoRedirects).open


class Gateway(Protocol):
    """Whatever carries a message away: returns when it was taken over, else raises Undeliverable."""

    def send(self, message: Message) -> None: ...


class HttpGateway:
    """A gateway for telephones: one POST of JSON for each message, with a bearer token.

    Any answer 2xx means that it was taken over. The gateway is given the message's own id, so
    that it can drop what came twice.
    """

    def __init__(self, *, url: str, token: str) -> None:
        self.url, self.token = url, token

    def send(self, message: Message) -> None:
        told = {
            "id": str(message.pk),
            "channel": message.channel,
            "to": message.to,
            "language": message.language,
            "text": message.body,
        }
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        request = Request(self.url, json.dumps(told).encode(), headers, method="POST")
        try:
            with _open(request, timeout=TIMEOUT_SECONDS):
                return
        except HTTPError as error:
            error.close()
            for_good = error.code < HTTPStatus.INTERNAL_SERVER_ERROR and error.code not in _LATER
            raise Undeliverable(f"HTTP {error.code}", for_good=for_good) from None
        except URLError as error:
            raise Undeliverable(type(error.reason).__name__) from None


def gateway(channel: str) -> Gateway | None:
    """Return what carries messages of that *channel*; none where the city has not set it up."""
    if channel == Channel.EMAIL:
        return Mail() if settings.RASD_EMAIL else None
    url, token = settings.RASD_GATEWAYS.get(channel, ("", ""))
    return HttpGateway(url=url, token=token) if url else None


def offered() -> list[str]:
    """Return the channels that the city has set up."""
    return [channel for channel in Channel.values if gateway(channel)]
