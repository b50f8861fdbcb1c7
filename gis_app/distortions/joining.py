"""Which distortion a report joins, and who counts as one more who has seen it."""

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from gis_app.accounts import throttle
from gis_app.distortions.duplicates import may_be_same
from gis_app.distortions.models import Distortion, Report, Source
from gis_app.distortions.status import UNDER_WAY
from gis_app.errors import Refused, TooMany

MOST_DEVICES = 30  # at one address, for one distortion in a day: telephones share addresses
A_DAY = 24 * 3600  # seconds


class NoSuchDistortion(Refused):
    status = 404
    reason = _("No distortion has this number.")


def joined_by(report: Report, number: str, *, by) -> Distortion | None:
    """Return the distortion that *report* joins when it names *number*, locked; else None.

    What was merged meanwhile is joined where it went. Whatever cannot be joined is reported anew,
    and nothing is refused: a report may have waited in a phone for days, and must not be lost.
    So it is when the number is not known, when *by* may not see it, when its life is over, and
    when it is another kind of thing or too far away; nobody learns from the answer which.
    """
    found = locked(number) if number else None
    if found is None or found.status not in UNDER_WAY:
        return None
    is_plausible = may_be_same(
        found,
        element=report.element,
        place=report.geometry,
        accuracy_m=report.accuracy_m,
        by=by,
    )
    return found if is_plausible else None


def locked(number: str) -> Distortion | None:
    """Lock the distortion *number*, or what it was merged into by now; None if there is none.

    One row at a time: while waiting for it, it may be merged itself. Then its lock is let go
    before the next one is asked for, as locks are only taken in one order.
    """
    rows = Distortion.objects.select_related("district__amana", "element")
    rows = rows.defer("district__amana__outline")
    while found := Distortion.objects.filter(number=number).first():
        survivor = found.survivor()
        with transaction.atomic():
            row = rows.select_for_update(of=("self",), no_key=True).get(pk=survivor.pk)
            if row.merged_into_id is None:
                return row
            transaction.set_rollback(True)
    return None


def count_device(*, client: str, of: Distortion) -> None:
    """Count one more device at the address of *client* that has seen *of*; TooMany of them in a day.

    A browser is a new one as often as it forgets its cookies.
    """
    key = salted_hmac("rasd.devices", f"{client} {of.number}", algorithm="sha256").hexdigest()
    throttle.spend("device", client=key, limit=MOST_DEVICES, seconds=A_DAY)


def believed(device: str, *, client: str, of: Distortion) -> str:
    """Return *device*, or nothing when too many came from the address of *client* already.

    Its report is kept, and those without a device count once an address.
    """
    try:
        count_device(client=client, of=of)
    except TooMany:
        return ""
    return device


def supporter(report: Report, reach: dict[str, str], *, device: str) -> str:
    """Return a keyed hash of whoever has seen it: a person, a telephone number, or a device.

    What another system passed on without a name counts each time.
    """
    if report.source in (Source.FIELD, Source.RESIDENT):
        who = f"user {report.by_id}" if report.by_id else f"device {device}"
    else:
        return passed_on(report.pk, reach)
    return _hashed(who)


def passed_on(report: object, reach: dict[str, str]) -> str:
    """Return the hash of whoever has seen what another system passed on as the *report* of that key."""
    return _hashed(reach.get("phone") or reach.get("email") or f"report {report}")


def _hashed(who: str) -> str:
    return salted_hmac("rasd.supporter", who, algorithm="sha256").hexdigest()
