"""Compare what is kept counted with the steps and the distortions, or make it anew."""

from functools import partial

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from gis_app.cells import ledger as cells
from gis_app.progress import ledger

SHOWN = 20
_bar = partial(tqdm, desc="millions of steps", unit="", disable=None)


class Command(BaseCommand):
    help = (
        "Makes the totals of progress anew from the steps, and the cells of the map from the "
        "distortions. With --check only compares them, at every date, and ends with an error "
        "where anything differs."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, change nothing")

    def handle(self, *args, check, **options) -> None:
        if not check:
            ledger.rebuild(_bar)
            cells.rebuild()
            self.stdout.write(self.style.SUCCESS("The totals and the cells were made anew."))
            return
        found = ledger.differences(_bar)
        for day, of, element, kept, counted in found[:SHOWN]:
            self.stdout.write(f"{day} {of} {element}: kept {kept}, counted {counted}")
        astray = cells.check()
        if found or astray:
            raise CommandError(
                f"{len(found)} totals differ from the steps, {astray} cells from the distortions."
            )
        self.stdout.write(
            self.style.SUCCESS("Every total of every day equals its steps, every cell its rows.")
        )
