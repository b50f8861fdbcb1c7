"""What is done with messages: queued, tried again, dropped, forgotten; and with their texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gis_app.messages.channels import offered
from gis_app.messages.models import WAITING, Message, MessageTemplate, State
from gis_app.messages.tasks import deliver_all
from gis_app.messages.texts import Text, shipped, stop_address, texts


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


@transaction.atomic(savepoint=False)
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


def drop_waiting(stop_tokens: Iterable[str]) -> int:
    """Drop all that waits for people who asked for silence; return how many."""
    waiting = Message.objects.filter(state__in=WAITING, stop_token__in=stop_tokens)
    return waiting.update(state=State.STOPPED, next_try_at=None)


def retry(message: Message) -> None:
    """Bring a locked message that could not be sent on its way anew."""
    message.state, message.attempts, message.next_try_at = State.QUEUED, 0, timezone.now()
    message.save(update_fields=["state", "attempts", "next_try_at"])
    deliver_all([message.pk])


def drop(message: Message) -> None:
    """Give up a locked message that could not be sent."""
    message.state = State.STOPPED
    message.save(update_fields=["state"])


@transaction.atomic
def load_texts() -> dict[str, int]:
    """Bring the texts up to those that come with the program; return how many were new and changed.

    What the city has edited stays as it is.
    """
    told = {"new": 0, "changed": 0, "kept": 0}
    known = {(row.kind, row.channel, row.language): row for row in MessageTemplate.objects.all()}
    for name, text in shipped().items():
        row = known.get(name) or MessageTemplate(
            kind=name[0], channel=name[1], language=name[2], body=""
        )
        if row.edited_at:
            told["kept"] += 1
        elif (row.subject, row.body) != (text.subject, text.body):
            told["changed" if row.pk else "new"] += 1
            row.subject, row.body = text.subject, text.body
            row.save()
    return told


@transaction.atomic
def forget(before: datetime) -> int:
    """Erase address and words of all messages from before that moment; return how many.

    What waits stays; what could not be sent, and nobody has decided on since, is dropped.
    """
    Message.objects.dead().filter(created_at__lt=before).update(state=State.STOPPED)
    done = Message.objects.finished().filter(created_at__lt=before).exclude(to="")
    return _erased(done)


@transaction.atomic
def erase_for(stop_tokens: Iterable[str]) -> int:
    """Drop what waits for these people, and erase all that was ever written to them."""
    theirs = Message.objects.filter(stop_token__in=list(stop_tokens))
    theirs.filter(state__in=(*WAITING, State.DEAD)).update(state=State.STOPPED, next_try_at=None)
    return _erased(theirs)


def _erased(messages) -> int:
    return messages.update(to="", subject="", body="", pictures=[], stop_token="")
