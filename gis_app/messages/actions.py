"""What is done with messages: queued, tried again, dropped, forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from gis_app.messages.channels import offered
from gis_app.messages.models import Message
from gis_app.messages.tasks import deliver_all
from gis_app.messages.texts import Text, stop_address, texts


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message before it has words. *key* names the event and whom it is told."""

    kind: str
    channel: str
    to: str
    language: str
    context: Mapping[str, str]
    key: str
    about: str = ""
    stop_token: str = ""
    pictures: Sequence[tuple[str, str]] = ()  # before or after, and the photo's token

    @property
    def name(self) -> tuple[str, str, str]:
        return (self.kind, self.channel, self.language)


def send(
    *,
    kind: str,
    channel: str,
    to: str,
    language: str,
    context: dict[str, str],
    key: str,
    about: str = "",
    stop_token: str = "",
) -> Message | None:
    """Queue one message in the caller's transaction; the same *key* again does nothing.

    Returns the message; none where the channel is not set up or this text is switched off.
    """
    letter = Letter(
        kind=kind,
        channel=channel,
        to=to,
        language=language,
        context=context,
        key=key,
        about=about,
        stop_token=stop_token,
    )
    queued = send_all([letter])
    return queued[0] if queued else None


@transaction.atomic
def send_all(letters: Sequence[Letter]) -> list[Message]:
    """Queue many messages as `send` does one, with as few questions to the database."""
    able = set(offered())
    letters = [letter for letter in letters if letter.channel in able]
    words = texts(letter.name for letter in letters)
    letters = [letter for letter in letters if words[letter.name].is_active]
    if not letters:
        return []
    rows = {letter.key: _written(letter, words[letter.name]) for letter in letters}
    Message.objects.bulk_create(rows.values(), ignore_conflicts=True)
    queued = list(Message.objects.filter(key__in=rows))
    deliver_all(message.pk for message in queued if message.pk == rows[message.key].pk)
    return queued


def _written(letter: Letter, text: Text) -> Message:
    """Return the message in the words of now: it tells what was true when it was queued."""
    stop = stop_address(letter.stop_token) if letter.stop_token else ""
    subject, body = text.filled({**letter.context, "stop": stop, "site": settings.SITE_URL})
    return Message(
        key=letter.key,
        kind=letter.kind,
        channel=letter.channel,
        to=letter.to,
        language=letter.language,
        subject=subject[:200],
        body=body,
        pictures=list(letter.pictures),
        about=letter.about,
        stop_token=letter.stop_token,
    )


@transaction.atomic
def forget(before: datetime) -> int:
    """Erase address and words of all that is done with since *before*; return how many."""
    done = Message.objects.finished().filter(created_at__lt=before).exclude(to="")
    return done.update(to="", subject="", body="", pictures=[], stop_token="")
