"""Bring back a copy of everything: the database and the photos."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gis_app.backup.restoring import check, newest, restore
from gis_app.errors import Refused


class Command(BaseCommand):
    help = "Restores a backup, or the newest one in DIR, into an empty database."
    requires_system_checks = []  # there may be no table yet that a check could ask

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="DIR", help="a backup, or where the backups are kept"
        )
        parser.add_argument("--check", action="store_true", help="only look whether it is whole")
        parser.add_argument(
            "--empty-first", action="store_true", help="throw away what the database holds"
        )

    def handle(self, *args, **options) -> None:
        try:
            backup = newest(options["folder"])
            if options["check"]:
                manifest = check(backup)
            else:
                manifest = restore(
                    backup,
                    database=settings.DATABASES["default"],
                    media=settings.MEDIA_ROOT,
                    empty_first=options["empty_first"],
                )
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        rows, photos = sum(manifest.tables.values()), len(manifest.files) - 1
        done = "is whole" if options["check"] else "is restored"
        self.stdout.write(
            f"{backup} {done}: {rows} rows of {len(manifest.tables)} tables, "
            f"{photos} files of photos, of {manifest.made_at}."
        )
