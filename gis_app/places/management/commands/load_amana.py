"""Create an amana and its sub-municipalities from a JSON file."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import translation

from gis_app.places.actions import save_amana


class Command(BaseCommand):
    help = "Creates or updates an amana and its sub-municipalities from a file."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, help="such as fixtures/amana.json")

    @translation.override("en")
    def handle(self, *args, file: Path, **options) -> None:
        told = json.loads(file.read_text(encoding="utf-8"))
        amana = save_amana(**told["amana"], sub_municipalities=told["sub_municipalities"], by=None)
        count = amana.sub_municipalities.count()
        self.stdout.write(self.style.SUCCESS(f"{amana.name}; sub-municipalities: {count}"))
