"""The words of messages: as the city has edited them, else as they come with the program."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from gis_app.language import active
from gis_app.messages.models import Channel, MessageTemplate

FILE = settings.BASE_DIR / "fixtures/messages.json"
PLACEHOLDER = re.compile(r"\{(\w+)\}")

Name = tuple[str, str, str]  # kind, channel, language


def stop_address(token: str) -> str:
    """Return the page at which somebody asks for no more messages."""
    return settings.SITE_URL + reverse("maps:stop", args=[token])


@dataclass(frozen=True)
class Text:
    """What one message says, its placeholders still in braces."""

    subject: str
    body: str
    is_active: bool = True

    def filled(self, context: Mapping[str, str]) -> tuple[str, str]:
        """Return the subject and the body with the words of *context*.

        Only {names} are replaced, by plain text: what an editor writes is never run.
        """
        subject = " ".join(_filled(self.subject, context).split())  # a header is one line
        lines = [line for line in self.body.splitlines() if _says_something(line, context)]
        return subject, "\n".join(_filled(line, context) for line in lines)


def _filled(text: str, context: Mapping[str, str]) -> str:
    # A text that was edited long ago may name what is no longer told.
    return PLACEHOLDER.sub(lambda found: context.get(found[1], ""), text)


def _says_something(line: str, context: Mapping[str, str]) -> bool:
    names = PLACEHOLDER.findall(line)
    return not names or any(context.get(name) for name in names)


@cache
def _file() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def placeholders(kind: str) -> dict[str, dict[str, str]]:
    """Return what a text of that *kind* may name, with an example in each language."""
    known = _file()["kinds"].get(kind, {}).get("placeholders", [])
    return {name: _file()["examples"][name] for name in known}


def kind_name(kind: str) -> str:
    """Return what people call that *kind* of message, in the active language."""
    return _file()["kinds"].get(kind, {}).get("name", {}).get(active(), kind)


@cache
def shipped() -> dict[Name, Text]:
    """Return every text as it comes with the program; phones have one text for both channels."""
    return {
        (kind, channel, language): Text(
            subject=words["subject"] if channel == Channel.EMAIL else "",
            body="\n".join(words["email" if channel == Channel.EMAIL else "phone"]),
        )
        for kind, told in _file()["kinds"].items()
        for language, words in told["texts"].items()
        for channel in Channel.values
    }


def texts(names: Iterable[Name]) -> dict[Name, Text]:
    """Return the text of each name in force now. A kind that nobody wrote texts for is a bug."""
    wanted = set(names)
    asked = Q()
    for kind, channel, language in wanted:
        asked |= Q(kind=kind, channel=channel, language=language)
    rows = MessageTemplate.objects.filter(asked) if wanted else ()
    edited = {
        (row.kind, row.channel, row.language): Text(row.subject, row.body, row.is_active)
        for row in rows
    }
    # A new kind may be asked for before its texts have been loaded.
    return {name: edited.get(name) or shipped()[name] for name in wanted}
