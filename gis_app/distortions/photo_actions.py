"""Adding photos: who may, how many, and only once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.accounts import throttle
from gis_app.distortions import checks, photos
from gis_app.distortions.exif import Hint, hint_of
from gis_app.distortions.judging import is_published_at_once
from gis_app.distortions.likeness import look_of, remember
from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.distortions.photos import Picture
from gis_app.distortions.proof import Flag, flags_of
from gis_app.distortions.record import in_turn
from gis_app.distortions.status import UNDER_WAY
from gis_app.errors import Forbidden, Refused

MOST_PHOTOS = 6  # that the public may add to one report
ADDED_UNTIL = timedelta(hours=24)  # after that its page offers no more photos


@dataclass(frozen=True)
class Taken:
    """Where and when a photo was taken, as the device says."""

    place: Point | None = None
    accuracy_m: float | None = None
    taken_at: datetime | None = None

    def checked(self) -> "Taken":
        """Return the same with the time in UTC; Refused when one of them cannot be."""
        return Taken(
            self.place,
            checks.number(self.accuracy_m, field="accuracy_m", most=checks.MOST_ACCURACY_M),
            checks.moment(self.taken_at, field="taken_at") if self.taken_at else None,
        )


NOT_SAID = Taken()


def add_photo(
    *,
    data: bytes,
    sha256: str,
    by,
    report: Report | None = None,
    distortion: Distortion | None = None,
    kind: str = Photo.Kind.BEFORE,
    client: str = "",
    taken: Taken = NOT_SAID,
) -> tuple[Photo, bool]:
    """Keep a picture of *report*, or else of *distortion*; return its row and whether it is new.

    Whoever knows an anonymous report's id may add to it. A resident's photo waits for the
    desk where the catalogue says so, the staff's own is cleared at once. Not atomic as a
    whole: decoding takes seconds, and no row is locked meanwhile.
    """
    subject: Distortion = report.distortion if report else distortion  # type: ignore[assignment]
    is_staff = by.is_authenticated and by.is_city_staff
    _check_may_add(by, is_staff=is_staff, report=report, subject=subject, kind=kind)
    same = Photo.objects.filter(report=report, sha256=sha256)
    if report is None:
        same = same.filter(distortion=subject)
    known = same.first()
    if known and photos.sha256_of(data) == sha256:
        return known, False
    taken = taken.checked()
    if not by.is_authenticated:
        throttle.spend("photo", client=client, limit=settings.RASD_PHOTOS_PER_HOUR, seconds=3600)
    picture = photos.read(data, sha256=sha256)
    look = look_of(picture.thumb)
    with transaction.atomic():
        subject = _locked(subject, report)
        known = same.first()
        if known:
            return known, False
        if not is_staff and Photo.objects.filter(report=report).count() >= MOST_PHOTOS:
            raise Refused(_("A report can have at most %d photos.") % MOST_PHOTOS)
        is_trusted = is_published_at_once(by) if report else is_staff
        is_shown = is_trusted or not subject.element.is_moderated
        photo = _row(subject, report, by=by, kind=kind, picture=picture, is_shown=is_shown)
        photo.sha256 = sha256
        if not report:
            _say_where_and_when(photo, taken, hint_of(data))
        in_turn(f"photo {sha256}")  # so that nobody deletes the same file as unused meanwhile
        photos.save(picture, sha256)  # before its row: a row never points to nothing
        photo.save()
        if remember(photo, look):
            photo.flags = [*photo.flags, Flag.USED_AGAIN]
            photo.save(update_fields=["flags"])
        return photo, True


def may_still_add(report: Report, *, by) -> bool:
    """Whether the page of *report* offers its sender to add photos: for a day, while it is open."""
    is_fresh = timezone.now() < report.received_at + ADDED_UNTIL
    is_sender = report.by_id in (None, by.pk)
    return is_fresh and is_sender and report.distortion.status in UNDER_WAY


def _check_may_add(by, *, is_staff: bool, report, subject: Distortion, kind: str) -> None:
    if report and report.erased_at:
        raise Forbidden
    if is_staff and Distortion.objects.in_scope_of(by).filter(pk=subject.pk).exists():
        return
    is_sender = report is not None and report.by_id in (None, by.pk)
    if not is_sender or kind != Photo.Kind.BEFORE:
        raise Forbidden


def _locked(subject: Distortion, report: Report | None) -> Distortion:
    """Lock *subject*, or where *report* belongs by now: a merge may have taken it elsewhere."""
    rows = Distortion.objects.select_related("element").select_for_update(of=("self",), no_key=True)
    while True:
        with transaction.atomic():
            found = rows.get(pk=subject.pk)
            if not report or Report.objects.filter(pk=report.pk, distortion=found).exists():
                return found
            transaction.set_rollback(True)  # lets its lock go before the next one is asked for
        report.refresh_from_db(fields=["distortion"])
        subject = report.distortion


def _row(subject: Distortion, report, *, by, kind: str, picture: Picture, is_shown: bool) -> Photo:
    now = timezone.now()
    return Photo(
        distortion=subject,
        origin=report.origin if report else subject,
        report=report,
        kind=kind,
        width=picture.width,
        height=picture.height,
        by=by if by.is_authenticated else None,
        added_at=now,
        cleared_at=now if is_shown else None,
    )


def _say_where_and_when(photo: Photo, taken: Taken, hint: Hint) -> None:
    """Fill in what the device said or, where it said nothing, the picture; and what is wrong with it."""
    photo.accuracy_m = taken.accuracy_m if taken.place else None
    photo.place = taken.place or hint.place
    photo.taken_at = taken.taken_at or hint.taken_at
    photo.flags = flags_of(photo, hint)
