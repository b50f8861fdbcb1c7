"""Read districts from a vector file, say how well they cover the city, and move what moved.

It stands here, above distortions and sites, because both may lie in another district afterwards.
"""

from datetime import date
from functools import partial

from django.core.management.base import CommandError
from django.utils import timezone
from tqdm import tqdm

from gis_app.geo.commands import FileCommand
from gis_app.places import coverage
from gis_app.places.actions import boundaries_of
from gis_app.places.coverage import Flaw
from gis_app.places.models import Amana, SubMunicipality
from gis_app.places.reading import DistrictColumns, DistrictRow, read_districts
from gis_app.sites.actions import Redrawn, redraw_city

MOST_LISTED = 50


class Command(FileCommand):
    help = (
        "Creates or updates districts, by code, from a vector file of areas. Lists overlaps and "
        "gaps; a changed boundary becomes a new version, and what lies in another district then "
        "is re-assigned."
    )
    optional = ("name_en", "kind", "population", "sub_municipality")

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--amana", required=True, help="its code")
        parser.add_argument(
            "--valid-from",
            type=date.fromisoformat,
            default=timezone.localdate(),
            metavar="YYYY-MM-DD",
            help="the day on which new boundaries came into force (default: today)",
        )
        parser.add_argument("--approximate", action="store_true", help="the boundaries are rough")

    def store(self, rows, options) -> None:
        amana = Amana.objects.filter(code=options["amana"]).first()
        if amana is None:
            raise CommandError(f"There is no amana {options['amana']}; see load_amana.")
        self.stdout.write(f"Rows: {len(rows)}")
        reading = read_districts(
            rows, DistrictColumns(**self.columns), sub_municipalities=_words_for(amana)
        )
        self._say_coverage(amana, reading.things)
        districts = self.accepted(reading)
        redrawn = redraw_city(
            rows=tqdm(districts, desc="districts", unit="", disable=None, leave=False),
            amana=amana,
            valid_from=options["valid_from"],
            by=None,
            is_approximate=options["approximate"],
            progress=partial(tqdm, desc="re-assigning", unit="batch", disable=None, leave=False),
        )
        self._say_done(redrawn)

    def _say_coverage(self, amana: Amana, districts: list[DistrictRow]) -> None:
        """Tell the flaws of the file, then those that it makes with districts that it leaves out."""
        drawn = {row.code: row.boundary for row in districts}
        self._say_flaws("Overlaps", coverage.overlaps(drawn))
        self._say_flaws("Enclosed gaps", coverage.gaps(drawn))
        whole = boundaries_of(amana) | drawn
        if len(whole) == len(drawn):
            return
        across = [flaw for flaw in coverage.overlaps(whole) if not drawn.keys() >= {*flaw.codes}]
        self._say_flaws("Overlaps with or among districts that the file leaves out", across)
        self._say_flaws("Enclosed gaps of the whole city", coverage.gaps(whole))

    def _say_flaws(self, what: str, flaws: list[Flaw]) -> None:
        self.stdout.write(f"{what}: {len(flaws)}")
        for flaw in flaws[:MOST_LISTED]:
            self.stdout.write(
                f"  {flaw.square_metres:12,.2f} m²  at {flaw.lon:.5f}, {flaw.lat:.5f}"
                f"  {' · '.join(flaw.codes)}"
            )
        if len(flaws) > MOST_LISTED:
            self.stdout.write(f"  … and {len(flaws) - MOST_LISTED} smaller ones")

    def _say_done(self, redrawn: Redrawn) -> None:
        districts, distortions = redrawn.districts, redrawn.distortions
        for what, codes in vars(districts).items():
            if codes:
                self.stdout.write(f"{what.capitalize()}: {len(codes)} ({_some(codes)})")
        self.stdout.write(
            f"Re-assigned distortions: {distortions.moved}; parks and kiosk sites: {redrawn.sites}"
        )
        if distortions.outside:
            self.stdout.write(f"In no district now, left where they were: {distortions.outside}")
        self.stdout.write(self.style.SUCCESS("Done."))


def _words_for(amana: Amana) -> dict[str, str]:
    """Return what a file may call each sub-municipality, with its code."""
    rows = SubMunicipality.objects.filter(amana=amana)
    return {word: row.code for row in rows for word in (row.code, row.name_ar, row.name_en) if word}


def _some(codes: list[str], most: int = 8) -> str:
    return ", ".join(codes[:most]) + (", …" if len(codes) > most else "")
