"""What the desk decides about photos and words: published or withheld. Each decision is a step."""

from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.distortions.queries import CLEARERS, scope_of
from gis_app.distortions.record import record_step
from gis_app.distortions.status import Judgement
from gis_app.errors import Conflict, Forbidden, Refused

MOVES_TO = {Judgement.PUBLISHED: "publish", Judgement.WITHHELD: "withhold"}
# Where the moments of either judgement stand.
COLUMNS = {
    Photo: {Judgement.PUBLISHED: "cleared_at", Judgement.WITHHELD: "withheld_at"},
    Report: {Judgement.PUBLISHED: "text_cleared_at", Judgement.WITHHELD: "text_withheld_at"},
}

Judged = TypeVar("Judged", Photo, Report)


class NoSuchPhoto(Refused):
    status = 404
    reason = _("There is no such photo.")


class NoSuchReport(Refused):
    status = 404
    reason = _("There is no such report.")


def may_judge(user) -> bool:
    """Whether *user* decides which photos and words of residents are shown."""
    return user.is_authenticated and user.is_city_staff and user.role in CLEARERS


def is_published_at_once(user) -> bool:
    """Whether what *user* reports need not wait for the desk: staff with accounts of their own."""
    return user.is_authenticated and user.is_city_staff and not user.is_by_link


@transaction.atomic
def clear_photo(*, token: str, by) -> Photo:
    """Show a photo to everybody from now on."""
    return _judge(photo_to_judge(token, by=by), Judgement.PUBLISHED, by=by)


@transaction.atomic
def withhold_photo(*, token: str, by) -> Photo:
    """Show a photo to nobody but the staff, also when it was cleared before."""
    return _judge(photo_to_judge(token, by=by), Judgement.WITHHELD, by=by)


@transaction.atomic
def clear_text(*, report_id: UUID, by) -> Report:
    """Show what a resident wrote to everybody from now on."""
    return _judge(_words_to_judge(report_id, by=by), Judgement.PUBLISHED, by=by)


@transaction.atomic
def withhold_text(*, report_id: UUID, by) -> Report:
    """Show what a resident wrote to nobody but the staff."""
    return _judge(_words_to_judge(report_id, by=by), Judgement.WITHHELD, by=by)


def photo_to_judge(token: str, *, by) -> Photo:
    """Return the photo at *token* if *by* may judge it; in a transaction, and with its distortion locked."""
    return _locked(Photo.objects.filter(token=token, erased_at=None), NoSuchPhoto, by=by)


def judgement_of(row: Photo | Report) -> Judgement:
    """Return what the desk decided about a photo, or about the words of a report."""
    for judgement in (Judgement.WITHHELD, Judgement.PUBLISHED):
        if getattr(row, COLUMNS[type(row)][judgement]):
            return judgement
    return Judgement.WAITING


def _words_to_judge(report_id: UUID, *, by) -> Report:
    return _locked(Report.objects.filter(pk=report_id), NoSuchReport, by=by)


def _locked(rows: QuerySet[Judged], missing: type[Refused], *, by) -> Judged:
    """Lock the distortion of the one of *rows*, then the row itself: the order of all changes."""
    if not may_judge(by):
        raise Forbidden
    found = rows.filter(scope_of(by, "distortion__")).first()
    if found is None:
        raise missing
    distortion = Distortion.objects.select_for_update(no_key=True).get(pk=found.distortion_id)
    locked = rows.select_for_update(no_key=True).filter(distortion=distortion).first()
    if locked is None:
        raise Conflict  # a merge has just taken it elsewhere
    locked.distortion = distortion
    return locked


def _judge(row: Judged, judgement: Judgement, *, by) -> Judged:
    """Write *judgement* of a locked *row*, with its step; the same one again keeps its moment."""
    before = judgement_of(row)
    if before == judgement:
        return row
    now = timezone.now()
    for other, column in COLUMNS[type(row)].items():
        setattr(row, column, now if other == judgement else None)
    row.save(update_fields=COLUMNS[type(row)].values())
    aspect = f"photo:{row.pk}" if isinstance(row, Photo) else f"words:{row.number}"
    record_step(
        row.distortion,
        move=MOVES_TO[judgement],
        by=by,
        at=now,
        differences={aspect: [before, judgement]},
    )
    return row
