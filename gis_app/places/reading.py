"""Districts and streets as a file tells them."""

from collections.abc import Mapping
from dataclasses import dataclass

import shapely

from gis_app.geo import reading
from gis_app.geo.reading import FileRow, Reading, check_columns
from gis_app.places.models import District, Street

# Files in the wild write the kind as our code or as the Arabic word.
KINDS = {kind: kind for kind in District.Kind.values} | {
    "حي": District.Kind.DISTRICT,
    "قرية": District.Kind.VILLAGE,
    "مركز": District.Kind.CENTRE,
    "طريق": District.Kind.ROAD,
}
STREET_KINDS = {kind: kind for kind in Street.Kind.values}


@dataclass(frozen=True)
class DistrictColumns:
    """Which column of a file holds what; an empty name: no such column."""

    code: str = "code"
    name_ar: str = "name_ar"
    name_en: str = ""
    kind: str = ""
    population: str = ""
    sub_municipality: str = ""


@dataclass(frozen=True)
class DistrictRow:
    """One district of a file. None is what the file does not tell: it stays as it is."""

    code: str
    name_ar: str
    name_en: str | None
    kind: str | None
    population: int | None
    sub_municipality: str | None
    boundary: shapely.MultiPolygon


@dataclass(frozen=True)
class StreetRow:
    name_ar: str
    name_en: str
    kind: str
    line: shapely.LineString


def read_districts(
    rows: list[FileRow], columns: DistrictColumns, *, sub_municipalities: Mapping[str, str]
) -> Reading[DistrictRow]:
    """Return what *rows* tell about districts.

    *sub_municipalities* maps what a file may call one, its code or a name, to its code.
    """
    check_columns(rows, *vars(columns).values())

    def district(row: FileRow) -> tuple[DistrictRow, bool]:
        boundary, was_mended = reading.area(row.shape)
        found = DistrictRow(
            code=reading.code_in(row, columns.code),
            name_ar=reading.arabic_name(row.texts[columns.name_ar]),
            name_en=reading.told(row, columns.name_en),
            kind=reading.known(reading.told(row, columns.kind), KINDS, "kind"),
            population=reading.whole_number(reading.told(row, columns.population), "population"),
            sub_municipality=reading.known(
                reading.told(row, columns.sub_municipality), sub_municipalities, "sub-municipality"
            ),
            boundary=boundary,
        )
        return found, was_mended

    return reading.read_rows(rows, district, code_column=columns.code)


def read_streets(
    rows: list[FileRow], *, name_ar: str, name_en: str, kind: str
) -> Reading[StreetRow]:
    """Return what *rows* tell about streets; the arguments name the columns."""
    check_columns(rows, name_ar, name_en, kind)

    def street(row: FileRow) -> tuple[StreetRow, bool]:
        found = StreetRow(
            name_ar=reading.told(row, name_ar) or "",
            name_en=reading.told(row, name_en) or "",
            kind=reading.known(reading.told(row, kind), STREET_KINDS, "kind") or Street.Kind.LOCAL,
            line=reading.placed(row.shape, shapely.LineString),
        )
        return found, False

    return reading.read_rows(rows, street, code_column="")
