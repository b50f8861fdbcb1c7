"""A report is kept: with its number and its contact, on a distortion that it joins or opens."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from gis_app.accounts import throttle
from gis_app.distortions.gathering import counts
from gis_app.distortions.models import Contact, Distortion, Report, Step
from gis_app.distortions.record import (
    OPENING,
    new_distortion,
    next_serials,
    number_of,
    public_place,
    record_step,
)
from gis_app.distortions.recurrence import recurring_at
from gis_app.distortions.telling import tell_reporters
from gis_app.errors import Refused, TooMany
from gis_app.geo.prepared import insert
from gis_app.places.registers import district_at

MOST_RECEIPTS = 5  # to one telephone or e-mail address in a day; on moves it is told all the same
A_DAY = 24 * 3600  # seconds


class OutsideCity(Refused):
    reason = _("This place is outside the city. Move the point into one of its districts.")


def keep(
    report: Report, reach: dict[str, str], *, joins: Distortion | None, by, **facts: Any
) -> None:
    """Store *report* with how to *reach* its sender; where it *joins* nothing it opens a distortion.

    *facts* are what that one has beside what the report says.
    """
    serial, *serials = next_serials("report_serial", *(() if joins else OPENING))
    opened: Sequence[Any] = () if joins else _opened(report, serials, by=by, **facts)
    report.distortion = report.origin = joins or opened[0]
    prefix = report.distortion.district.amana.prefix
    report.number = number_of(serial, prefix=prefix, at=report.received_at, letter="R")
    insert(*opened, report)
    if reach:
        _remember(report, reach)
    if joins:
        record_step(joins, move="join", by=by, at=report.received_at, **counts(joins))


def follow(report: Report, reach: dict[str, str]) -> None:
    """Keep how to reach the reporter, unless she left that before, and tell her that we have it."""
    if reach and not Contact.objects.filter(report=report).exists():
        _remember(report, reach)


def _remember(report: Report, reach: dict[str, str]) -> None:
    contact = Contact.objects.create(report=report, **reach)
    if _may_be_told(reach):
        tell_reporters([contact], kind="received", event="received")


def _may_be_told(reach: dict[str, str]) -> bool:
    """Count one more receipt: whoever reports can name somebody else's address, time and again."""
    try:
        for name in sorted(reach.keys() & {"phone", "email"}):
            address = salted_hmac("rasd.receipt", reach[name].lower(), algorithm="sha256")
            throttle.spend(
                "receipt", client=address.hexdigest(), limit=MOST_RECEIPTS, seconds=A_DAY
            )
    except TooMany:
        return False
    return True


def _opened(report: Report, serials: list[int], *, by, **facts: Any) -> tuple[Distortion, Step]:
    """Return the distortion that *report* opens with its first step, both still to be stored."""
    district = district_at(report.geometry)
    if district is None:
        raise OutsideCity(fields={"geometry": [OutsideCity.reason]})
    level = report.element.level_on(timezone.localdate(report.observed_at))
    return new_distortion(
        by=by,
        at=report.observed_at,
        serials=serials,
        element=report.element,
        district=district,
        geometry=report.geometry,
        is_private=report.element.is_private,
        public_geometry=public_place(report.geometry, is_private=report.element.is_private),
        severity=level.severity,
        source=report.source,
        reported_quantity=report.quantity,
        recurrence_of=recurring_at(report.geometry, element=report.element, at=report.observed_at),
        **facts,
    )
