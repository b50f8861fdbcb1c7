"""Keep a copy of everything: the database and the photos."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gis_app.backup.manifest import unfinished
from gis_app.backup.saving import back_up
from gis_app.errors import Refused


class Command(BaseCommand):
    help = "Makes a backup of the database and the photos in a new folder of DIR; deletes nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="where the backups are kept")

    def handle(self, *args, **options) -> None:
        folder = options["folder"]
        for path in unfinished(folder):
            self.stdout.write(self.style.WARNING(f"Never finished: {path}"))
        try:
            made, manifest = back_up(
                folder, database=settings.DATABASES["default"], media=settings.MEDIA_ROOT
            )
        except (Refused, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        if manifest.gone:
            self.stdout.write(f"Deleted while the backup was made: {len(manifest.gone)}")
        rows = sum(manifest.tables.values())
        photos = len(manifest.files) - 1
        self.stdout.write(
            f"{made}: {rows} rows of {len(manifest.tables)} tables, {photos} files of photos."
        )
