"""Adding photos: who may, how many, and only once."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.accounts import throttle
from gis_app.distortions import photos
from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.distortions.status import UNDER_WAY
from gis_app.errors import Forbidden, Refused

MOST_PHOTOS = 6  # that the public may add to one report
ADDED_UNTIL = timedelta(hours=24)  # after that its page offers no more photos


def add_photo(
    *,
    data: bytes,
    sha256: str,
    by,
    report: Report | None = None,
    distortion: Distortion | None = None,
    kind: str = Photo.Kind.BEFORE,
    client: str = "",
) -> tuple[Photo, bool]:
    """Keep a picture of *report*, or else of *distortion*; return its row and whether it is new.

    Whoever knows an anonymous report's id may add to it. A resident's photo waits for the
    desk, the staff's own is cleared at once. Not atomic as a whole: decoding takes seconds,
    and no row is locked meanwhile.
    """
    subject: Distortion = report.distortion if report else distortion  # type: ignore[assignment]
    is_staff = by.is_authenticated and by.is_city_staff
    _check_may_add(by, is_staff=is_staff, report=report, subject=subject, kind=kind)
    same = Photo.objects.filter(distortion=subject, report=report, sha256=sha256)
    known = same.first()
    if known and photos.sha256_of(data) == sha256:
        return known, False
    if not by.is_authenticated:
        throttle.spend("photo", client=client, limit=settings.RASD_PHOTOS_PER_HOUR, seconds=3600)
    picture = photos.read(data, sha256=sha256)
    with transaction.atomic():
        Distortion.objects.select_for_update(no_key=True).get(pk=subject.pk)
        known = same.first()
        if known:
            return known, False
        if not is_staff and Photo.objects.filter(report=report).count() >= MOST_PHOTOS:
            raise Refused(_("A report can have at most %d photos.") % MOST_PHOTOS)
        photos.save(picture, sha256)  # before its row: a row never points to nothing
        now = timezone.now()
        return Photo.objects.create(
            sha256=sha256,
            distortion=subject,
            origin=subject,
            report=report,
            kind=kind,
            width=picture.width,
            height=picture.height,
            by=by if by.is_authenticated else None,
            added_at=now,
            cleared_at=now if is_staff else None,
        ), True


def may_still_add(report: Report, *, by) -> bool:
    """Whether the page of *report* offers its sender to add photos: for a day, while it is open."""
    is_fresh = timezone.now() < report.received_at + ADDED_UNTIL
    is_sender = report.by_id in (None, by.pk)
    return is_fresh and is_sender and report.distortion.status in UNDER_WAY


def _check_may_add(by, *, is_staff: bool, report, subject: Distortion, kind: str) -> None:
    if is_staff and Distortion.objects.in_scope_of(by).filter(pk=subject.pk).exists():
        return
    is_sender = report is not None and report.by_id in (None, by.pk)
    if not is_sender or kind != Photo.Kind.BEFORE:
        raise Forbidden
