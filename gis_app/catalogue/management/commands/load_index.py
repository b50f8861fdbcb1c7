"""Load the formulas of the visual-distortion index; a known version stays as it is."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gis_app.catalogue.formula_actions import load_formulas


class Command(BaseCommand):
    help = "Load formulas of the index from a JSON file; as often as wanted, none is changed."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures/index.json"
        )

    def handle(self, *args, file, **options):
        try:
            added = load_formulas(json.loads(file.read_text(encoding="utf-8"))["formulas"])
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from None
        self.stdout.write(f"Index: {added} new formulas.")
