"""Make a believable city of any size on the districts that are there."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from gis_app.demo.city import make_city
from gis_app.errors import Refused


class Command(BaseCommand):
    help = (
        "Adds distortions with reports and whole lives to the districts of an embedded database. "
        "The same seed gives the same city."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--distortions", type=int, required=True, metavar="N")
        parser.add_argument("--years", type=float, default=1.5, metavar="Y")
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            default=timezone.localdate(),
            metavar="YYYY-MM-DD",
            help="the city's life ends when this day begins (default: today)",
        )

    def handle(self, *args, distortions, years, seed, until, **options) -> None:
        try:
            make_city(distortions=distortions, years=years, seed=seed, until=until)
        except Refused as refusal:
            raise CommandError(refusal.in_full()) from refusal
        self.stdout.write(self.style.SUCCESS(f"{distortions} distortions were added."))
