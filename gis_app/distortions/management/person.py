"""How a command is told whom it is about."""

from typing import Any

from django.core.management.base import CommandError

from gis_app.distortions.person import Person, find_person
from gis_app.errors import Refused

WAYS = {"username": "of her account", "phone": "as 05XXXXXXXX", "email": "of her reports"}


def add_arguments(parser) -> None:
    """Let the command be told one or several ways to find a person."""
    for name, words in WAYS.items():
        parser.add_argument(f"--{name}", default="", help=words)


def asked_for(options: dict[str, Any]) -> Person:
    """Return the person that the command was asked about."""
    try:
        return find_person(**{name: options[name] for name in WAYS})
    except Refused as refusal:
        raise CommandError(refusal.in_full()) from None
