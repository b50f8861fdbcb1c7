"""Read parks from a vector file."""

from gis_app.geo import crs, reading
from gis_app.geo.commands import FileCommand
from gis_app.geo.reading import FileRow
from gis_app.sites.actions import save_park


class Command(FileCommand):
    help = "Creates or changes parks, by code, from a vector file of areas."
    optional = ("name_en", "kind", "amenities")

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--approximate", action="store_true", help="the areas are rough")

    def store(self, rows, options) -> None:
        def save(row: FileRow) -> tuple[bool, bool]:
            boundary, was_mended = reading.area(row.shape)
            amenities = reading.told(row, self.columns["amenities"])
            _park, is_new = save_park(
                code=reading.code_in(row, self.columns["code"]),
                by=None,
                name_ar=reading.arabic_name(row.texts[self.columns["name_ar"]]),
                name_en=reading.told(row, self.columns["name_en"]),
                kind=reading.told(row, self.columns["kind"]) or None,
                amenities=None if amenities is None else list(filter(None, amenities.split(","))),
                geometry=crs.stored(boundary.wkb),
                is_approximate=options["approximate"],
            )
            return is_new, was_mended

        done = self.accepted(reading.read_rows(rows, save, code_column=self.columns["code"]))
        self.stdout.write(
            self.style.SUCCESS(f"Parks: {sum(done)} new, {len(done) - sum(done)} known before.")
        )
