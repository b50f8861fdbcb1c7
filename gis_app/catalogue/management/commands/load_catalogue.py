"""Bring the catalogue of elements up to a file, and add the calendars in which promises run."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from gis_app.catalogue.actions import load, load_calendars


class Command(BaseCommand):
    help = "Load the elements from a JSON file; as often as wanted. Changed promises start today."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures/catalogue.json"
        )

        parser.add_argument(
            "--calendars", type=Path, default=settings.BASE_DIR / "fixtures/calendars.json"
        )

    @transaction.atomic
    def handle(self, *args, file, calendars, **options):
        try:
            added = load_calendars(json.loads(calendars.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{calendars} cannot be read: {error}") from None
        try:
            entries = json.loads(file.read_text(encoding="utf-8"))["elements"]
            told = load(entries, from_day=timezone.localdate())
        except (OSError, ValueError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from None
        except KeyError as error:
            raise CommandError(f"{file}: an element has no {error}") from None
        self.stdout.write(
            f"Catalogue: {told['new']} new, {told['changed']} changed, "
            f"{told['unchanged']} unchanged; {added} new calendars."
        )
