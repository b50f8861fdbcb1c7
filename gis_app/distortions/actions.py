"""How a report comes in: once, whatever the network does, and in the right district."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from gis_app.accounts import throttle
from gis_app.distortions import checks
from gis_app.distortions.content import fingerprint
from gis_app.distortions.gathering import counts
from gis_app.distortions.models import Contact, Distortion, Report, Source
from gis_app.distortions.record import (
    in_turn,
    next_number,
    open_distortion,
    public_place,
    record_step,
)
from gis_app.distortions.recurrence import recurring_at
from gis_app.distortions.status import UNDER_WAY
from gis_app.distortions.telling import reachable, tell_reporters
from gis_app.errors import Conflict, Forbidden, Refused
from gis_app.geo import shape
from gis_app.places.models import District

OLDEST_OBSERVATION = timedelta(days=5 * 365)


class OutsideCity(Refused):
    reason = _("This place is outside the city. Move the point into one of its districts.")


@transaction.atomic
def submit(
    *,
    id: UUID,
    by,
    element: str,
    geometry: GEOSGeometry,
    observed_at: datetime,
    description: str = "",
    accuracy_m: float | None = None,
    quantity: float | None = None,
    place_note: str = "",
    contact: dict[str, str] | None = None,
    same_as: str = "",
    source: str = "",
    external_number: str = "",
    client: str = "",
    device: str = "",
    language: str = "",
) -> tuple[Report, bool]:
    """Store a report and open its distortion, or join the one it is *same_as*.

    Returns the report and whether it is new: the same *id* with the same content is the first
    report again, before any rule is asked; with other content it is a Conflict. *client* is
    the throttle's key of an anonymous sender, *device* a random text that her device keeps.
    """
    observed_at = checks.moment(observed_at, field="observed_at")
    content_hash = fingerprint(
        element=element,
        geometry=geometry,
        observed_at=observed_at,
        description=description,
        accuracy_m=accuracy_m,
        quantity=quantity,
        place_note=place_note,
        contact=contact,
        same_as=same_as,
        source=source,
        external_number=external_number,
    )
    known = _sent_before(id, content_hash)
    if known:
        return known, False
    if not by.is_authenticated:
        throttle.spend("report", client=client, limit=settings.RASD_REPORTS_PER_HOUR, seconds=3600)
    now = timezone.now()
    kind = checks.element(element, at=now)
    is_shown = not kind.is_moderated or (by.is_authenticated and by.is_city_staff)
    external_number = checks.external_number(external_number)
    report = Report(
        id=id,
        element=kind,
        geometry=shape.plain(geometry, kinds=kind.geometries),
        quantity=checks.number(quantity, field="quantity", most=checks.MOST_QUANTITY),
        source=_source_of(by, source, external_number),
        by=by if by.is_authenticated else None,
        observed_at=min(_plausible(observed_at, now), now),
        device_observed_at=observed_at if observed_at > now else None,
        received_at=now,
        accuracy_m=checks.number(accuracy_m, field="accuracy_m", most=checks.MOST_ACCURACY_M),
        description=checks.description(description),
        place_note=checks.place_note(place_note),
        text_cleared_at=now if is_shown else None,
        external_number=external_number or None,
        content_hash=content_hash,
        language=language or settings.LANGUAGE_CODE,
    )
    reach = checks.contact(contact or {})
    report.supporter = _supporter(report, reach, device=device or client)
    joined = _joined(same_as)
    report.distortion = report.origin = joined or _opened(report)
    prefix = report.distortion.district.amana.prefix
    report.number = next_number("report_serial", prefix=prefix, at=now, letter="R")
    report.save(force_insert=True)
    if reach:
        Contact.objects.create(report=report, **reach)
        tell_reporters(reachable([report]), kind="received", event="received")
    if joined:
        record_step(joined, move="join", by=by, at=now, **counts(joined))
    return report, True


def _sent_before(id: UUID, content_hash: str) -> Report | None:
    """Return the report of that *id*, once nobody else is sending it; a Conflict if it differs."""
    in_turn(id)
    known = Report.objects.select_related("distortion__district").filter(pk=id).first()
    if known and known.content_hash != content_hash:
        raise Conflict(_("This identifier was already used for another report."))
    return known


def _source_of(by, source: str, external_number: str) -> str:
    """Return where the report comes from; only staff may say that it came another way."""
    staff = by.is_authenticated and by.is_city_staff
    if not staff:
        if source or external_number:
            raise Forbidden(_("Only staff may name a report's source."))
        return Source.RESIDENT
    source = source or Source.FIELD
    if source not in Source.values:
        raise Refused(fields={"source": [_("This source is not known.")]})
    if external_number:
        in_turn(f"{source} {external_number}")
        if Report.objects.filter(source=source, external_number=external_number).exists():
            raise Conflict(_("A report with this external number was already received."))
    return source


def _supporter(report: Report, reach: dict[str, str], *, device: str) -> str:
    """Return a keyed hash of whoever has seen it: a person, a telephone number, or a device.

    What another system passed on without a name counts each time.
    """
    if report.source in (Source.FIELD, Source.RESIDENT):
        who = f"user {report.by_id}" if report.by_id else f"device {device}"
    else:
        who = reach.get("phone") or reach.get("email") or f"report {report.pk}"
    return salted_hmac("rasd.supporter", who, algorithm="sha256").hexdigest()


def _plausible(observed_at: datetime, now: datetime) -> datetime:
    if observed_at < now - OLDEST_OBSERVATION:
        raise Refused(fields={"observed_at": [_("This is more than five years ago.")]})
    return observed_at


def _joined(number: str) -> Distortion | None:
    """Return the distortion that a report joins; none when *number* is empty or its life is over.

    A report may have waited in a phone for days: what was merged meanwhile is joined where it
    went, what was settled is reported anew.
    """
    if not number:
        return None
    found = Distortion.objects.filter(number=number).first()
    if found is None:
        raise Refused(fields={"same_as": [_("No distortion has this number.")]})
    rows = Distortion.objects.select_related("district__amana")
    found = rows.select_for_update(of=("self",), no_key=True).get(pk=found.survivor().pk)
    if found.status not in UNDER_WAY:
        return None
    return found


def _opened(report: Report) -> Distortion:
    district = District.objects.containing(report.geometry)
    if district is None:
        raise OutsideCity(fields={"geometry": [OutsideCity.reason]})
    level = report.element.level_on(timezone.localdate(report.observed_at))
    return open_distortion(
        by=report.by,
        at=report.observed_at,
        element=report.element,
        district=district,
        geometry=report.geometry,
        is_private=report.element.is_private,
        public_geometry=public_place(report.geometry, is_private=report.element.is_private),
        severity=level.severity,
        source=report.source,
        reported_quantity=report.quantity,
        recurrence_of=recurring_at(report.geometry, element=report.element, at=report.observed_at),
    )
