"""How a report comes in: once, whatever the network does, and in the right district."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.accounts import throttle
from gis_app.distortions import checks
from gis_app.distortions.content import fingerprint
from gis_app.distortions.joining import (
    NoSuchDistortion,
    believed,
    count_device,
    joined_by,
    locked,
    supporter,
)
from gis_app.distortions.judging import is_published_at_once
from gis_app.distortions.keeping import follow, keep
from gis_app.distortions.models import Distortion, Report, Source
from gis_app.distortions.record import in_turn
from gis_app.distortions.status import UNDER_WAY
from gis_app.errors import Conflict, Forbidden, Refused
from gis_app.geo import shape
from gis_app.geo.prepared import ask
from gis_app.registers.kept import one_edition

P = ParamSpec("P")
T = TypeVar("T")
OLDEST_OBSERVATION = timedelta(days=5 * 365)


def _once_more(store: Callable[P, T]) -> Callable[P, T]:
    """Try a second time when another request stored the same at the same moment: now it is known."""

    @wraps(store)
    def stored(*args: P.args, **told: P.kwargs) -> T:
        try:
            return store(*args, **told)
        except IntegrityError:
            return store(*args, **told)

    return stored


@_once_more
@transaction.atomic
@one_edition()
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
    What cannot be joined is reported anew (see `joined_by`).
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
    is_shown = not kind.is_moderated or is_published_at_once(by)
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
    joins = joined_by(report, same_as, by=by)
    device = checks.device(device)
    if joins and device and not by.is_authenticated:
        device = believed(device, client=client, of=joins)
    report.supporter = supporter(report, reach, device=device or client)
    keep(report, reach, joins=joins, by=by)
    return report, True


@transaction.atomic
def support(
    *,
    number: str,
    by,
    contact: dict[str, str] | None = None,
    client: str = "",
    device: str = "",
    language: str = "",
) -> tuple[Report, bool]:
    """Say that one sees the distortion *number* too: a report without words, where the public sees it.

    Returns the report and whether it is new: a person or device supports once, and leaves a
    *contact* at most once. Refused when it is no longer under way.
    """
    if not by.is_authenticated:
        throttle.spend("report", client=client, limit=settings.RASD_REPORTS_PER_HOUR, seconds=3600)
    reach = checks.contact(contact or {})
    found = locked(number)
    if found is None or not Distortion.objects.visible_to(by).filter(pk=found.pk).exists():
        raise NoSuchDistortion
    if found.status not in UNDER_WAY:
        raise Refused(_("It is no longer open. If you still see it, send a new report."))
    now = timezone.now()
    report = Report(
        id=uuid4(),
        element=found.element,
        geometry=found.public_geometry,
        source=Source.RESIDENT,
        by=by if by.is_authenticated else None,
        observed_at=now,
        received_at=now,
        content_hash=fingerprint(same_as=found.number),
        language=language or settings.LANGUAGE_CODE,
    )
    report.supporter = supporter(report, reach, device=checks.device(device) or client)
    known = Report.objects.about(found).filter(supporter=report.supporter).first()
    if known:
        follow(known, reach)
        return known, False
    if not by.is_authenticated:
        count_device(client=client, of=found)
    keep(report, reach, joins=found, by=by)
    return report, True


def _sent_before(id: UUID, content_hash: str) -> Report | None:
    """Return the report of that *id*, if it is known; a Conflict if it differs."""
    known = ask("SELECT content_hash FROM distortions_report WHERE id = %s", [id])
    if known is None:
        return None
    if known != (content_hash,):
        raise Conflict(_("This identifier was already used for another report."))
    return Report.objects.select_related("distortion__district").get(pk=id)


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


def _plausible(observed_at: datetime, now: datetime) -> datetime:
    if observed_at < now - OLDEST_OBSERVATION:
        raise Refused(fields={"observed_at": [_("This is more than five years ago.")]})
    return observed_at
