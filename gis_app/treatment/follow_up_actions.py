"""What was found after a verification: by a follow-up visit, or by a second check."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.distortions import checks
from gis_app.distortions.actions import submit
from gis_app.distortions.content import fingerprint
from gis_app.distortions.models import Distortion, Photo, Report, Step
from gis_app.distortions.record import in_turn, record_step
from gis_app.distortions.status import UNDER_WAY
from gis_app.errors import Refused
from gis_app.language import clean_text
from gis_app.treatment.actions import LIMITS, make_move, moment_of, recorded_before, uploaded
from gis_app.treatment.models import SecondCheck, Visit
from gis_app.treatment.monitoring import checks_of, visits_of


class NotYours(Refused):
    status = 404
    reason = _("This does not wait for you: it was done, or is for somebody else.")


@transaction.atomic
def record_visit(
    *,
    visit: int,
    id: UUID,
    by,
    found: str,
    at: datetime | None = None,
    note: str = "",
    photos: Sequence[str] = (),
) -> tuple[Step, bool]:
    """Record what the planned *visit* found; return its step, and whether it is new.

    What came back is reported anew in the same transaction, as a recurrence, or joins the
    recurrence that is open already. The same *id* with the same content is the first step again.
    """
    at = checks.moment(at, field="at") if at else None
    in_turn(id)
    content_hash = fingerprint(visit=visit, found=found, at=at, note=note, photos=photos)
    known = recorded_before(id, content_hash)
    if known:
        return known, False
    if found not in Visit.Found.values:
        raise Refused(fields={"found": [_("Say what you found.")]})
    note = clean_text(note, field="note", limit=LIMITS["note"])
    distortion, again = _locked(Visit.objects.filter(pk=visit))
    row = visits_of(by).filter(pk=visit).first()
    if row is None:
        raise NotYours
    moment = moment_of(at, distortion, timezone.now())
    pictures = uploaded(distortion, photos)
    back = None
    if found == Visit.Found.BACK:
        back = _reported_again(distortion, again, id=uuid5(id, "report"), by=by, at=moment)
        _move_to(back, pictures)
    step = record_step(
        distortion,
        move="visit",
        by=by,
        at=moment,
        uuid=id,
        text={"note": note},
        into=back.distortion if back else None,
        content_hash=content_hash,
        differences={"visit": [row.due_date.isoformat(), found]},
    )
    pictures.update(step=step, kind=Photo.Kind.AFTER)  # those that came back moved on already
    _close(row, found=found, by=by, at=moment)
    return step, True


@transaction.atomic
def record_second_check(
    *,
    check: int,
    id: UUID,
    by,
    is_confirmed: bool,
    reason: str = "",
    photos: Sequence[str] = (),
) -> tuple[Step, bool]:
    """Record what the second *check* found; return its step, and whether it is new.

    A false closure needs a *reason* and is opened again at once, however long ago it was closed.
    The same *id* with the same content is the first step again.
    """
    in_turn(id)
    content_hash = fingerprint(
        second_check=check, is_confirmed=is_confirmed, reason=reason, photos=photos
    )
    known = recorded_before(id, content_hash)
    if known:
        return known, False
    reason = clean_text(reason, field="reason", limit=LIMITS["reason"])
    distortion, _again = _locked(SecondCheck.objects.filter(pk=check))
    row = checks_of(by).filter(pk=check).first()
    if row is None:
        raise NotYours
    now = timezone.now()
    row.checked_at, row.by, row.is_confirmed = now, by, is_confirmed
    row.save(update_fields=["checked_at", "by", "is_confirmed"])
    step = record_step(
        distortion,
        move="check",
        by=by,
        at=now,
        uuid=id,
        text={"note": reason if is_confirmed else ""},
        content_hash=content_hash,
        differences={"second_check": [None, "confirmed" if is_confirmed else "false"]},
    )
    if is_confirmed:
        uploaded(distortion, photos).update(step=step, kind=Photo.Kind.AFTER)
    else:
        opened = {"number": distortion.number, "id": uuid5(id, "reopen"), "by": by}
        make_move("reopen", **opened, reason=reason, photos=photos)
    return step, True


def _locked(rows) -> tuple[Distortion, Distortion | None]:
    """Lock the distortion of the one of *rows*, and the open recurrence of it, if there is one."""
    key = rows.values_list("distortion", flat=True).first()
    if key is None:
        raise NotYours
    wanted = Q(pk=key) | Q(recurrence_of=key, status__in=UNDER_WAY)
    locked = Distortion.objects.filter(wanted).order_by("pk").select_for_update(no_key=True)
    found = {row.pk: row for row in locked}
    return found.pop(key), next(iter(found.values()), None)


def _reported_again(
    distortion: Distortion, again: Distortion | None, *, id: UUID, by, at: datetime
) -> Report:
    """Report that *distortion* came back; *again* is what was opened for it already."""
    report, _is_new = submit(
        id=id,
        by=by,
        element=distortion.element.code,
        geometry=distortion.geometry,
        observed_at=at,
        same_as=again.number if again else "",
    )
    if report.distortion.recurrence_of_id != distortion.pk:
        record_step(report.distortion, move="recur", by=by, at=at, recurrence_of=distortion)
    return report


def _close(visit: Visit, *, found: str, by, at: datetime) -> None:
    """Note what *visit* found, and drop those that it answers as well: the due ones, or all."""
    visit.found, visit.by, visit.done_at = found, by, at
    visit.save(update_fields=["found", "by", "done_at"])
    others = visit.distortion.visits.planned()
    if found != Visit.Found.BACK:
        others = others.filter(due_date__lte=timezone.localdate(at))
    others.update(dropped_at=timezone.now())


def _move_to(report: Report, pictures) -> None:
    """Give photos of a visit to the *report* that it led to: they show it before its treatment."""
    found = report.distortion
    pictures.update(distortion=found, origin=found, report=report, kind=Photo.Kind.BEFORE)
