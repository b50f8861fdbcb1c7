"""The ground as pages name it, kept in memory: see registers/kept.py."""

from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.contrib.gis.db.backends.postgis.adapter import PostGISAdapter
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import F, FilteredRelation, Q

from gis_app.geo import crs
from gis_app.geo.prepared import ask
from gis_app.language import named
from gis_app.places.models import Amana, District, DistrictVersion, SubMunicipality
from gis_app.registers.kept import Kept


class KnownDistrict(NamedTuple):
    """A district with its name in the active language."""

    pk: int
    code: str
    name: str
    amana: int
    sub_municipality: int | None
    label: tuple[float, float] | None  # lat, lon; None where it has no boundary today


@Kept
def _with_amana() -> dict[int, District]:
    """All districts with their amana, by key."""
    return {row.pk: row for row in District.objects.with_amana()}


def district_at(geometry: GEOSGeometry) -> District | None:
    """Return the district that *geometry* (WGS 84) belongs to, with its amana; None outside the city."""
    (key,) = ask("SELECT rasd_district_of(%s)", [PostGISAdapter(geometry)])
    # What was made in this very moment is not among those that are kept.
    return key and (_with_amana().get(key) or District.objects.with_amana().get(pk=key))


@Kept
def all_districts() -> list[KnownDistrict]:
    """Return all districts that ever were, by name."""
    rows = District.objects.annotate(
        today=FilteredRelation("versions", condition=Q(versions__valid_to=None)),
        belongs=FilteredRelation("jurisdictions", condition=Q(jurisdictions__valid_to=None)),
        called=named(),
        part=F("belongs__sub_municipality"),
        label=F("today__label_point"),
    )
    told = rows.order_by("called").values_list("pk", "code", "called", "amana", "part", "label")
    return [
        KnownDistrict(pk, code, name, amana, part, label and (label.y, label.x))
        for pk, code, name, amana, part, label in told
    ]


class Ground(NamedTuple):
    """A district in force as figures tell of it; *shape* is its boundary as GeoJSON, lon first,
    *label* where its name is written, lat first.
    """

    pk: int
    code: str
    name: str
    area_km2: float
    population: int | None
    is_approximate: bool
    sub_municipality_name: str | None
    shape: str
    label: tuple[float, float]


def grounds(on: date | None = None) -> list[Ground]:
    """Return the districts that have a boundary at the end of a day, or now, by code."""
    until = next((day for day in _redrawn_on() if day > on), None) if on else None
    if until is None:
        return _grounds_of_today()
    known = _grounds_until()
    return known.get(until) or known.setdefault(until, _grounds(on))


@Kept
def _redrawn_on() -> list[date]:
    """The days on which a boundary began or ended, but for the very first, in their order."""
    days = DistrictVersion.objects.values_list("valid_from", "valid_to")
    return sorted({day for pair in days for day in pair if day})[1:]


@Kept
def _grounds_until() -> dict[date, list[Ground]]:
    """Those that were in force until one of these days: as far as somebody has asked for them."""
    return {}


@Kept
def _grounds_of_today() -> list[Ground]:
    return _grounds(None)


def _grounds(on: date | None) -> list[Ground]:
    rows = District.objects.described(on).order_by("code")
    shape = AsGeoJSON("boundary", precision=crs.COORDINATE_DIGITS)
    told = rows.annotate(shape=shape, label=F("label_point")).values_list(*Ground._fields)
    return [
        Ground(*row)._replace(area_km2=round(row[3], 3), label=(row[-1].y, row[-1].x))
        for row in told
    ]


@Kept
def sub_municipalities() -> list[SubMunicipality]:
    """Return all of them, by code."""
    return list(SubMunicipality.objects.order_by("code"))


@Kept
def amana_of_pages() -> Amana | None:
    """Return the amana whose name the pages carry, without its outline."""
    rows = Amana.objects.defer("outline")
    return (rows.filter(code=settings.RASD_AMANA) or rows.order_by("pk")).first()


def districts_in_force() -> list[KnownDistrict]:
    """Return the districts that have a boundary today, by name."""
    return [row for row in all_districts() if row.label]


def districts_of_amana(pk: int) -> list[KnownDistrict]:
    """Return all that ever were of one amana, by name."""
    return [row for row in all_districts() if row.amana == pk]


def districts_of(user) -> list[KnownDistrict]:
    """Return the districts in force of the part of the city that *user* works for, by name."""
    return [
        row
        for row in districts_in_force()
        if user.amana_id in (None, row.amana)
        and user.sub_municipality_id in (None, row.sub_municipality)
        and (not user.district_keys or row.pk in user.district_keys)
    ]
