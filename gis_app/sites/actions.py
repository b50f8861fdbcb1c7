"""What changes the registers of parks and kiosk sites, and the ground under them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction
from django.db.models import F, TextChoices
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.rights import registrars_only
from gis_app.distortions.reassign import Reassigned, reassign
from gis_app.errors import Forbidden, Refused
from gis_app.geo import shape
from gis_app.geo.reading import CODE
from gis_app.language import clean_text, latin_digits
from gis_app.places.actions import Imported, import_districts
from gis_app.places.models import Amana, District
from gis_app.places.queries import NOWHERE, astray
from gis_app.places.reading import DistrictRow
from gis_app.sites.models import KioskSite, Park

MOST_NAME = 120
MOST_KIND = 40
MOST_REASON = 300
PARK_MOST_VERTICES = 10_000
PARK_LARGEST_KM = 20  # a mountain park is larger than a street's distortion
Status = KioskSite.Status

# From where a kiosk site's status may go where; a new site may begin anywhere.
NEXT = {
    Status.CANDIDATE: {Status.APPROVED, Status.CLOSED},
    Status.APPROVED: {Status.PERMITTED, Status.CLOSED},
    Status.PERMITTED: {Status.OPERATING, Status.CLOSED},
    Status.OPERATING: {Status.CLOSED},
    Status.CLOSED: {Status.CANDIDATE},
}


@transaction.atomic
def save_park(
    *,
    code: str,
    by,
    name_ar: str,
    geometry: GEOSGeometry,
    name_en: str | None = None,
    kind: str | None = None,
    amenities: Iterable[str] | None = None,
    is_approximate: bool | None = None,
) -> tuple[Park, bool]:
    """Create or change the park *code*; say whether it is new. What is None stays as it is.

    *geometry* is a polygon or several, in WGS 84. *by* is a planner or administrator.
    """
    drawn = shape.plain(
        geometry,
        kinds=("polygon", "multipolygon"),
        most_vertices=PARK_MOST_VERTICES,
        largest_km=PARK_LARGEST_KM,
    )
    boundary = drawn if isinstance(drawn, MultiPolygon) else MultiPolygon(drawn, srid=drawn.srid)
    facts = _told(
        name_ar=_arabic(name_ar),
        name_en=_text(name_en, field="name_en", limit=MOST_NAME),
        kind=_choice(kind, Park.Kind, field="kind"),
        amenities=amenities
        and [_choice(one, Park.Amenity, field="amenities") for one in amenities],
        boundary=boundary,
        district=_district_for(boundary, by),
        is_approximate=is_approximate,
    )
    return Park.objects.update_or_create(code=_code(code), defaults=facts)


@transaction.atomic
def save_kiosk(
    *,
    code: str,
    by,
    name_ar: str,
    geometry: GEOSGeometry,
    status: str | None = None,
    name_en: str | None = None,
    kind: str | None = None,
    holder: str | None = None,
    is_approximate: bool | None = None,
    reason: str = "",
) -> tuple[KioskSite, bool]:
    """Create or change the kiosk site *code*; say whether it is new. What is None stays as it is.

    *geometry* is a point in WGS 84. A change of *status* follows NEXT and is kept as an event
    with its *reason*. *by* is a planner or administrator.
    """
    location = shape.plain(geometry, kinds=("point",))
    facts = _told(
        name_ar=_arabic(name_ar),
        name_en=_text(name_en, field="name_en", limit=MOST_NAME),
        kind=_text(kind, field="kind", limit=MOST_KIND),
        status=_choice(status, Status, field="status"),
        holder=_text(holder, field="holder", limit=MOST_NAME),
        location=location,
        district=_district_for(location, by),
        is_approximate=is_approximate,
    )
    kiosk, is_new = KioskSite.objects.select_for_update().get_or_create(
        code=_code(code), defaults=facts
    )
    before = "" if is_new else kiosk.status
    for name, value in facts.items():
        setattr(kiosk, name, value)
    if kiosk.status != before:
        _check_next(before, kiosk.status)
        kiosk.events.create(
            by=by,
            from_status=before,
            to_status=kiosk.status,
            reason=clean_text(reason, field="reason", limit=MOST_REASON),
        )
    kiosk.save()
    return kiosk, is_new


@dataclass
class Redrawn:
    districts: Imported
    distortions: Reassigned
    sites: int


@transaction.atomic
def redraw_city(
    *,
    rows: Iterable[DistrictRow],
    amana: Amana,
    valid_from: date,
    by,
    is_approximate: bool = False,
    progress: Callable[[Iterable[range]], Iterable[range]] = iter,
) -> Redrawn:
    """Import districts, then give what lies in another district now its new one.

    Distortions move by steps, parks and kiosk sites at once. *progress* may wrap the batches.
    """
    districts = import_districts(
        rows=rows, amana=amana, valid_from=valid_from, by=by, is_approximate=is_approximate
    )
    redrawn = districts.created + districts.redrawn
    if not redrawn:
        return Redrawn(districts, Reassigned(), 0)
    distortions = reassign(amana=amana, redrawn=redrawn, by=by, progress=progress)
    sites = _reassign_sites(Park, "boundary") + _reassign_sites(KioskSite, "location")
    return Redrawn(districts, distortions, sites)


def _reassign_sites(model: type[Park] | type[KioskSite], geometry: str) -> int:
    to_move = astray(model.objects.all(), geometry).exclude(there=NOWHERE)
    return to_move.update(district=F("there"))


def _code(text: str) -> str:
    code = latin_digits(text).strip()
    if not CODE.fullmatch(code):
        raise Refused(fields={"code": [_("Up to 32 letters, digits, dots and hyphens.")]})
    return code


def _told(**facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def _arabic(name: str) -> str:
    cleaned = clean_text(name, field="name_ar", limit=MOST_NAME)
    if not cleaned:
        raise Refused(fields={"name_ar": [_("A name in Arabic is needed.")]})
    return cleaned


def _text(text: str | None, *, field: str, limit: int) -> str | None:
    return text if text is None else clean_text(text, field=field, limit=limit)


def _choice(value: str | None, choices: type[TextChoices], *, field: str) -> str | None:
    if value is not None and value not in choices.values:
        raise Refused(fields={field: [_("Not known: %(codes)s") % {"codes": value}]})
    return value


def _check_next(before: str, after: str) -> None:
    if before and after not in NEXT[Status(before)]:
        told = {"before": Status(before).label, "after": Status(after).label}
        reason = _("A kiosk site does not go from “%(before)s” to “%(after)s”.") % told
        raise Refused(fields={"status": [reason]})


def _district_for(geometry: GEOSGeometry, by) -> District:
    """Return the district of a site, when *by* may change the registers there."""
    registrars_only(by)
    district = District.objects.containing(geometry)
    if district is None:
        raise Refused(fields={"geometry": [_("This place is outside the city.")]})
    if by is not None and not District.objects.in_scope_of(by).filter(pk=district.pk).exists():
        raise Forbidden(_("This place is outside your part of the city."))
    return district
