"""Hands out all that is kept of one person."""

from pathlib import Path

from django.core.management.base import BaseCommand

from gis_app.distortions.management.person import add_arguments, asked_for
from gis_app.distortions.person import export_person


class Command(BaseCommand):
    help = "Write all that is kept of one person to a zip file."

    def add_arguments(self, parser):
        add_arguments(parser)
        parser.add_argument("file", type=Path, help="the zip file to write; it must not exist yet")

    def handle(self, *args, file: Path, **options):
        person = asked_for(options)
        with file.open("xb") as out:
            file.chmod(0o600)
            export_person(person, out)
        self.stdout.write(f"{person.reports.count()} reports are in {file}.")
