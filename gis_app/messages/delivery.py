"""One message on its way out.

The outbox row is the truth, a job only says that it is time to look. A message is claimed by one
UPDATE that counts the attempt and puts the next one off: of two workers one gets it, and nothing
is locked while a gateway thinks. What a worker had in hand when it was killed falls due again
after LEASE. So a message goes out at least once, and twice only if the worker died after the
gateway had taken it over and before this was written down; it then has the same Message-ID, or
the same id for the gateway, by which the second one can be dropped.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from gis_app.messages.channels import gateway
from gis_app.messages.errors import Undeliverable
from gis_app.messages.models import Message, State

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)  # longer than any gateway is waited for


def deliver(id: UUID) -> None:
    """Send the message if its time has come and nobody else has it in hand."""
    now = timezone.now()
    claimed = Message.objects.due(now).filter(pk=id)
    if not claimed.update(attempts=F("attempts") + 1, next_try_at=now + LEASE):
        return
    message = Message.objects.get(pk=id)
    try:
        _hand_over(message)
    except Undeliverable as error:
        _note_failure(message, error, now)
    else:
        _note(message, state=State.SENT, sent_at=timezone.now(), next_try_at=None, last_error="")


def _hand_over(message: Message) -> None:
    if message.attempts > settings.RASD_MESSAGE_ATTEMPTS:
        raise Undeliverable("the worker ended each time")
    carrier = gateway(message.channel)
    if carrier is None:
        raise Undeliverable("channel is not set up")
    try:
        carrier.send(message)
    except Undeliverable:
        raise
    except Exception as error:  # noqa: BLE001 (whatever it was, the desk must learn of it)
        # Its own words may hold an address.
        raise Undeliverable(type(error).__name__) from None


def _note_failure(message: Message, error: Undeliverable, now: datetime) -> None:
    logger.warning("Message %s (%s) did not go out: %s", message.pk, message.kind, error)
    if error.for_good or message.attempts >= settings.RASD_MESSAGE_ATTEMPTS:
        _note(message, state=State.DEAD, next_try_at=None, last_error=str(error))
    else:
        again = now + pause_after(message.attempts)
        _note(message, state=State.FAILED, next_try_at=again, last_error=str(error))


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: each pause is three times the last one."""
    return timedelta(seconds=settings.RASD_MESSAGE_PAUSE * 3 ** (attempts - 1))


def _note(message: Message, **facts) -> None:
    Message.objects.filter(pk=message.pk).update(**facts)
