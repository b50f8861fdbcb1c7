"""Read kiosk sites from a vector file."""

import shapely

from gis_app.geo import crs, reading
from gis_app.geo.commands import FileCommand
from gis_app.geo.reading import FileRow
from gis_app.sites.actions import save_kiosk


class Command(FileCommand):
    help = "Creates or changes kiosk sites, by code, from a vector file of points."
    optional = ("name_en", "kind", "status", "holder")

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--approximate", action="store_true", help="the places are rough")
        parser.add_argument("--reason", default="", help="kept with every change of status")

    def store(self, rows, options) -> None:
        def save(row: FileRow) -> tuple[bool, bool]:
            _kiosk, is_new = save_kiosk(
                code=reading.code_in(row, self.columns["code"]),
                by=None,
                name_ar=reading.arabic_name(row.texts[self.columns["name_ar"]]),
                name_en=reading.told(row, self.columns["name_en"]),
                kind=reading.told(row, self.columns["kind"]),
                status=reading.told(row, self.columns["status"]) or None,
                holder=reading.told(row, self.columns["holder"]),
                geometry=crs.stored(reading.placed(row.shape, shapely.Point).wkb),
                is_approximate=options["approximate"],
                reason=options["reason"],
            )
            return is_new, False

        done = self.accepted(reading.read_rows(rows, save, code_column=self.columns["code"]))
        self.stdout.write(
            self.style.SUCCESS(
                f"Kiosk sites: {sum(done)} new, {len(done) - sum(done)} known before."
            )
        )
