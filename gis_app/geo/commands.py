"""What the commands that read a vector file have in common."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from gis_app.errors import Refused
from gis_app.geo import files
from gis_app.geo.reading import FileRow, Reading, Thing, check_columns


class FileCommand(BaseCommand):
    """Reads a file and stores all of it or nothing; what is refused is named by row and reason.

    A subclass names its columns and writes `store`.
    """

    required: tuple[str, ...] = ("code", "name_ar")
    optional: tuple[str, ...] = ("name_en",)

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, help="any vector file that GDAL reads")
        for name in (*self.required, *self.optional):
            default = name if name in self.required else ""
            parser.add_argument(
                f"--{name.replace('_', '-')}-field",
                default=default,
                metavar="COLUMN",
                help=f"the column with the {name.replace('_', ' ')}"
                + (f" (default: {default})" if default else "; without it, what is known stays"),
            )
        parser.add_argument("--layer", default="", help="where the file has several")
        parser.add_argument(
            "--encoding", default="", help="of a shapefile that does not tell it, such as cp1256"
        )
        parser.add_argument(
            "--crs", default="", help="of a file that does not tell it, such as EPSG:20437"
        )
        parser.add_argument(
            "--skip-bad", action="store_true", help="leave out the rows that are refused"
        )
        parser.add_argument("--dry-run", action="store_true", help="say everything, store nothing")

    def handle(self, *args, **options) -> None:
        self.columns = {name: options[f"{name}_field"] for name in (*self.required, *self.optional)}
        self.skip_bad = options["skip_bad"]
        # Terminals seldom shape Arabic; and the words stand beside the columns' names.
        with translation.override("en"), transaction.atomic():
            try:
                rows = files.read(
                    options["file"],
                    layer=options["layer"],
                    encoding=options["encoding"],
                    system=options["crs"],
                )
                check_columns(rows, *self.columns.values())
                self.store(rows, options)
            except Refused as refusal:
                raise CommandError(f"Nothing was stored. {refusal.in_full()}") from refusal
            if options["dry_run"]:
                transaction.set_rollback(True)
                self.stdout.write("A dry run: nothing was stored.")

    def store(self, rows: list[FileRow], options: dict[str, Any]) -> None:
        """Store *rows* and say what became of them."""
        raise NotImplementedError

    def accepted(self, reading: Reading[Thing]) -> list[Thing]:
        """Say what was mended and what is refused; return the rest, if that may be stored."""
        for remark in reading.repairs:
            self.stdout.write(f"  mended: {remark}")
        for remark in reading.faults:
            self.stdout.write(self.style.WARNING(f"  refused: {remark}"))
        if reading.faults and not self.skip_bad:
            raise CommandError(
                f"Nothing was stored. Refused rows: {len(reading.faults)}. "
                "Mend them, or leave them out with --skip-bad."
            )
        return reading.things
