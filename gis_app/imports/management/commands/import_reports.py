from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from gis_app.accounts.models import User
from gis_app.errors import Refused
from gis_app.imports.actions import import_reports
from gis_app.imports.models import Import
from gis_app.imports.reasons import KNOWN, LANDED, LEFT_OUT, Reason


class Command(BaseCommand):
    help = (
        "Imports reports of another system with their whole histories from a CSV file, a workbook, "
        "or whatever GDAL reads. A row lands once, however often its file comes; what is refused "
        "goes to a file with the reason."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping",
            type=Path,
            required=True,
            metavar="TOML",
            help="what its columns and words mean here; see docs/examples/import_mapping.toml",
        )
        parser.add_argument(
            "--bad",
            type=Path,
            metavar="CSV",
            help="where the refused rows go (default: FILE.refused.csv in this folder)",
        )
        parser.add_argument("--dry-run", action="store_true", help="say everything, store nothing")
        parser.add_argument("--resume", action="store_true", help="go on where a run was stopped")
        parser.add_argument("--by", metavar="USERNAME", help="in whose name; else in nobody's")
        parser.add_argument(
            "--language",
            choices=dict(settings.LANGUAGES),
            default=settings.LANGUAGE_CODE,
            help="of the reasons in the file of refused rows",
        )

    def handle(self, *args, **options) -> None:
        refused = options["bad"] or Path(f"{options['file'].stem}.refused.csv")
        if options["dry_run"] and options["resume"]:
            raise CommandError("A dry run begins at the beginning: nothing was stored by it.")
        try:
            with translation.override(options["language"]):
                run = import_reports(
                    path=options["file"],
                    mapping=options["mapping"],
                    refused=refused,
                    by=_account(options["by"]),
                    resume=options["resume"],
                    dry_run=options["dry_run"],
                )
        except Refused as refusal:
            raise CommandError(refusal.in_full()) from refusal
        with translation.override("en"):  # terminals seldom shape Arabic
            self._say(run, refused)
        if options["dry_run"]:
            self.stdout.write("A dry run: nothing was stored.")

    def _say(self, run: Import, refused: Path) -> None:
        counts = run.outcomes
        why = {reason: counts[reason] for reason in Reason.values if reason in counts}
        told = {
            "Read": run.rows,
            "Landed": counts.get(LANDED, 0),
            "Already there": counts.get(KNOWN, 0),
            "Left out by the mapping": counts.get(LEFT_OUT, 0),
            "Refused": sum(why.values()),
        }
        for words, count in told.items():
            self.stdout.write(f"{count:10,d}  {words}")
        for reason, count in sorted(why.items(), key=lambda pair: -pair[1]):
            self.stdout.write(f"{'':12}{count:10,d}  {Reason(reason).label}")
        if why:
            self.stdout.write(f"The refused rows, with the reasons, are in {refused}.")


def _account(username: str | None) -> User | None:
    if username is None:
        return None
    found = User.objects.filter(username=username).first()
    if found is None:
        raise CommandError(f"There is no account {username}.")
    return found
