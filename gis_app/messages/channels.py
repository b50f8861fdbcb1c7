"""How a message leaves: by mail, or through the gateway that the city has for telephones."""

import json
import urllib.error
import urllib.request
from http import HTTPStatus
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from gis_app.messages.models import Channel, Message

TIMEOUT_SECONDS = 10
_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
_SMTP_NEVER = 500


class Undeliverable(Exception):
    """It did not go out. `for_good`: trying again would change nothing.

    The reason is for the desk and the log: it never holds an address.
    """

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


class Gateway(Protocol):
    """Whatever carries a message away: returns when it was taken over, else raises Undeliverable."""

    def send(self, message: Message) -> None: ...


def stop_address(token: str) -> str:
    """Return the page at which somebody asks for no more messages."""
    return f"{settings.SITE_URL}/stop/{token}/"


class Mail:
    """Django's mail, whatever it is set to."""

    def send(self, message: Message) -> None:
        try:
            self._mail(message).send()
        except SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            raise Undeliverable(f"SMTP {max(codes)}", for_good=min(codes) >= _SMTP_NEVER) from None
        except SMTPResponseException as error:
            raise Undeliverable(f"SMTP {error.smtp_code}") from None
        except OSError as error:
            raise Undeliverable(type(error).__name__) from None

    def _mail(self, message: Message) -> EmailMessage:
        host = urlsplit(settings.SITE_URL).hostname
        # The same in every attempt: many mail programs then show a message once that came twice.
        headers = {"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"}
        if message.stop_token:
            headers["List-Unsubscribe"] = f"<{stop_address(message.stop_token)}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return EmailMessage(message.subject, message.body, to=[message.to], headers=headers)


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
        request = urllib.request.Request(
            self.url,
            data=json.dumps(told).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):
                return
        except urllib.error.HTTPError as error:
            ours = HTTPStatus.BAD_REQUEST <= error.code < HTTPStatus.INTERNAL_SERVER_ERROR
            raise Undeliverable(
                f"HTTP {error.code}", for_good=ours and error.code not in _LATER
            ) from None
        except OSError as error:  # URLError and timeouts are of its kind
            raise Undeliverable(type(error).__name__) from None


def gateway(channel: str) -> Gateway | None:
    """Return what carries messages of that *channel*; none where the city has not set it up."""
    if channel == Channel.EMAIL:
        return Mail() if settings.RASD_EMAIL else None
    url, token = settings.RASD_GATEWAYS[channel]
    return HttpGateway(url=url, token=token) if url else None


def offered() -> list[str]:
    """Return the channels that the city has set up."""
    return [channel for channel in Channel.values if gateway(channel)]
