"""Fill an empty embedded database with the demo city."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from gis_app.demo.load import is_empty, load_demo
from gis_app.errors import Refused


class Command(BaseCommand):
    help = "Loads the demo city and its accounts into an empty embedded database."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--distortions", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=1448)
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            default=timezone.localdate(),
            metavar="YYYY-MM-DD",
            help="the city's life ends when this day begins (default: today)",
        )

    def handle(self, *args, distortions: int, seed: int, until: date, **options) -> None:
        if not is_empty():
            self.stdout.write("This database holds a city already: nothing was changed.")
            return
        try:
            load_demo(distortions=distortions, seed=seed, until=until)
        except Refused as refusal:
            raise CommandError(refusal.in_full()) from refusal
        self.stdout.write(
            self.style.SUCCESS(f"The demo city stands, with {distortions} distortions.")
        )
