"""What changes the city's ground: amana, sub-municipalities, districts and streets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from gis_app.accounts.rights import registrars_only
from gis_app.errors import Refused
from gis_app.geo import crs
from gis_app.places import coverage
from gis_app.places.models import (
    Amana,
    District,
    DistrictVersion,
    Jurisdiction,
    Street,
    SubMunicipality,
)
from gis_app.places.reading import DistrictRow, StreetRow

SAME_DEGREES = 1.5 * 10**-crs.COORDINATE_DIGITS  # a step of the rounding, either way


@dataclass
class Imported:
    """The codes of the districts of an import, by what became of each."""

    created: list[str] = field(default_factory=list)
    redrawn: list[str] = field(default_factory=list)
    described: list[str] = field(default_factory=list)  # name, kind, population or link changed
    unchanged: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # in force, but not in the file


@transaction.atomic
def save_amana(
    *,
    code: str,
    prefix: str,
    name_ar: str,
    name_en: str,
    sub_municipalities: Iterable[Mapping[str, str]],
    by,
) -> Amana:
    """Create or update an amana by code, and its sub-municipalities: code, name_ar, name_en."""
    registrars_only(by)
    amana, _created = Amana.objects.update_or_create(
        code=code, defaults={"prefix": prefix, "name_ar": name_ar, "name_en": name_en}
    )
    for told in sub_municipalities:
        SubMunicipality.objects.update_or_create(
            code=told["code"],
            defaults={"amana": amana, "name_ar": told["name_ar"], "name_en": told["name_en"]},
        )
    return amana


@transaction.atomic
def replace_streets(*, rows: Iterable[StreetRow], amana: Amana, by) -> int:
    """Put *rows* in the place of the amana's streets, which have no codes; return their number."""
    registrars_only(by)
    amana.streets.all().delete()
    streets = [
        Street(
            amana=amana,
            name_ar=row.name_ar,
            name_en=row.name_en,
            kind=row.kind,
            line=crs.stored(row.line.wkb),
        )
        for row in rows
    ]
    return len(Street.objects.bulk_create(streets, batch_size=1000))


@transaction.atomic
def import_districts(
    *,
    rows: Iterable[DistrictRow],
    amana: Amana,
    valid_from: date,
    by,
    is_approximate: bool = False,
) -> Imported:
    """Create or update districts by code; a boundary that changed begins on *valid_from*.

    Districts that are not among *rows* stay as they are and are listed as missing. Distortions
    and sites are not re-assigned here: see `redraw_city` of sites.
    """
    registrars_only(by)
    if valid_from > timezone.localdate():
        raise Refused("Boundaries are in force as soon as they are stored: the day must have come.")
    amana = Amana.objects.select_for_update().get(pk=amana.pk)
    imported = Imported()
    seen = set()
    for row in rows:
        district, was_created = District.objects.get_or_create(
            code=row.code, defaults={"amana": amana, "name_ar": row.name_ar}
        )
        if district.amana_id != amana.pk:
            raise Refused(f"The code {row.code} is a district of another amana.")
        is_described = _describe(district, row) | _link(district, row, valid_from)
        is_redrawn = _draw(district, row, valid_from, is_approximate=is_approximate)
        seen.add(row.code)
        if was_created:
            imported.created.append(row.code)
        elif is_redrawn:
            imported.redrawn.append(row.code)
        elif is_described:
            imported.described.append(row.code)
        else:
            imported.unchanged.append(row.code)
    boundaries = boundaries_of(amana)
    imported.missing = sorted(set(boundaries) - seen)
    outline = coverage.outline(boundaries, gap_metres=amana.gap_metres)
    amana.outline = crs.stored(outline.wkb)
    amana.save(update_fields=["outline"])
    return imported


def boundaries_of(amana: Amana) -> dict[str, BaseGeometry]:
    """Return the boundaries in force, by the district's code."""
    rows = District.objects.filter(amana=amana).described().values_list("code", "boundary")
    return {code: shapely.from_wkb(bytes(boundary.wkb)) for code, boundary in rows}


def _describe(district: District, row: DistrictRow) -> bool:
    """Write what the file tells; say whether anything differed."""
    told = {
        "name_ar": row.name_ar,
        "name_en": row.name_en,
        "kind": row.kind,
        "population": row.population,
    }
    differs = {
        name: value
        for name, value in told.items()
        if value is not None and value != getattr(district, name)
    }
    for name, value in differs.items():
        setattr(district, name, value)
    if differs:
        district.save(update_fields=differs)
    return bool(differs)


def _link(district: District, row: DistrictRow, valid_from: date) -> bool:
    """Link the district to its sub-municipality from *valid_from* on; say whether that is new."""
    now = district.jurisdictions.filter(valid_to=None).first()
    if row.sub_municipality is None or (now and now.sub_municipality.code == row.sub_municipality):
        return False
    _end(now, district, valid_from)
    sub_municipality = SubMunicipality.objects.get(code=row.sub_municipality)
    Jurisdiction.objects.create(
        district=district, sub_municipality=sub_municipality, valid_from=valid_from
    )
    return True


def _draw(district: District, row: DistrictRow, valid_from: date, *, is_approximate: bool) -> bool:
    """Store the boundary from *valid_from* on; say whether it differs from the one in force."""
    now = district.versions.filter(valid_to=None).first()
    if now and _is_same(now.boundary, row.boundary):
        return False
    _end(now, district, valid_from)
    DistrictVersion.objects.create(
        district=district,
        boundary=crs.stored(row.boundary.wkb),
        label_point=crs.stored(_middle(row.boundary).wkb),
        valid_from=valid_from,
        is_approximate=is_approximate,
    )
    return True


def _end(dated: DistrictVersion | Jurisdiction | None, district: District, day: date) -> None:
    """End a dated row on *day*; one that began that very day is replaced."""
    if dated is None:
        return
    if dated.valid_from > day:
        raise Refused(
            f"District {district.code} has a later entry, from {dated.valid_from}: "
            f"name that day or one after it."
        )
    if dated.valid_from == day:
        dated.delete()
    else:
        dated.valid_to = day
        dated.save(update_fields=["valid_to"])


def _is_same(stored: GEOSGeometry, read: shapely.MultiPolygon) -> bool:
    return shapely.from_wkb(bytes(stored.wkb)).equals_exact(read, SAME_DEGREES, normalize=True)


def _middle(boundary: shapely.MultiPolygon) -> shapely.Point:
    """Return the place for a label: the middle of the largest circle inside."""
    radius = shapely.maximum_inscribed_circle(boundary)
    return shapely.Point(radius.coords[0])
