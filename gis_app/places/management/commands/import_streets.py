"""Read the streets of an amana from a vector file."""

from gis_app.geo.commands import FileCommand
from gis_app.places.actions import replace_streets
from gis_app.places.models import Amana
from gis_app.places.reading import read_streets


class Command(FileCommand):
    help = "Puts the streets of a vector file in the place of the amana's streets."
    required = ("name_ar", "kind")

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--amana", required=True, help="its code")

    def store(self, rows, options) -> None:
        streets = self.accepted(read_streets(rows, **self.columns))
        amana = Amana.objects.get(code=options["amana"])
        stored = replace_streets(rows=streets, amana=amana, by=None)
        self.stdout.write(self.style.SUCCESS(f"Streets of {amana.name}: {stored}"))
