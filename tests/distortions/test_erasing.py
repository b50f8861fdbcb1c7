"""Pictures that are taken away for good, and files that no row needs."""

import os
import time
from io import StringIO

import pytest
from django.core.management import call_command

from gis_app.distortions import photos
from gis_app.distortions.blurring import blur_photo
from gis_app.distortions.erasing import drop_original, erase_photos
from gis_app.distortions.models import Photo
from gis_app.errors import Forbidden, Refused
from tests import factories

pytestmark = pytest.mark.django_db

TWO_DAYS_AGO = time.time() - 2 * 24 * 3600


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Do something as if its transaction had ended."""

    def do(change, *args):
        with django_capture_on_commit_callbacks(execute=True):
            return change(*args)

    return do


def sweep() -> str:
    out = StringIO()
    call_command("sweep_photos", stdout=out)
    return out.getvalue()


def kept_files(settings) -> list[str]:
    return sorted(file.name for file in settings.MEDIA_ROOT.rglob("*") if file.is_file())


def make_old(settings) -> None:
    for file in settings.MEDIA_ROOT.rglob("*"):
        os.utime(file, (TWO_DAYS_AGO, TWO_DAYS_AGO))


def test_erased_photos_leave_their_rows_and_nothing_else(city, triage, committed, settings):
    report = factories.report()
    photo = factories.photo(report=report)
    blur_photo(token=photo.token, rectangles=[[0, 0, 0.5, 0.5]], by=triage.user)

    assert committed(erase_photos, report) == 1

    photo.refresh_from_db()
    assert photo.erased_at
    assert (photo.by, photo.place, photo.taken_at, photo.blurs) == (None, None, None, [])
    assert kept_files(settings) == []
    for size in (*photos.SIZES, photos.ORIGINAL):
        assert photos.open_for(photo.token, size, user=triage.user) is None
    assert not Photo.objects.shown_to(triage.user).exists()
    assert not Photo.objects.uncleared().exists()
    assert erase_photos(report) == 0


def test_a_picture_that_another_photo_needs_stays(city, committed, admin):
    first, second = factories.report(), factories.report()
    for report in (first, second):
        factories.photo(report=report)

    committed(erase_photos, first)

    (left,) = second.photos.all()
    with photos.open_for(left.token, "large", user=admin.user).file as file:
        assert file.read()


def test_an_erased_report_takes_no_photos(city):
    report = factories.report()
    report.erased_at = report.received_at
    report.save()

    with pytest.raises(Forbidden):
        factories.photo(report=report)


def test_only_what_is_blurred_can_do_without_its_original(city):
    photo = factories.photo(report=factories.report())

    with pytest.raises(Refused):
        drop_original(photo)


def test_files_without_a_row_are_swept_a_day_later(city, settings):
    kept = factories.photo(report=factories.report())
    orphan = photos.read(
        factories.picture("blue"), sha256=factories.sha256(factories.picture("blue"))
    )
    photos.save(orphan, "0" * 64)
    (settings.MEDIA_ROOT / "photos" / "00" / "tmpabc").write_bytes(b"half")

    assert "Deleted 0 files" in sweep()
    make_old(settings)
    assert "Deleted 3 files" in sweep()

    assert kept_files(settings) == [f"{kept.sha256}.{size}.jpg" for size in photos.SIZES]


def test_earlier_blurs_are_swept_and_the_present_one_is_kept(city, triage, settings):
    photo = factories.photo(report=factories.report())
    for side in (0.4, 0.5):
        photo = blur_photo(token=photo.token, rectangles=[[0, 0, side, side]], by=triage.user)
    make_old(settings)

    assert "Deleted 2 files" in sweep()

    blurred = [f"{photo.token}.{photo.mark}.{size}.jpg" for size in photos.SIZES]
    originals = [f"{photo.sha256}.{size}.jpg" for size in photos.SIZES]
    assert kept_files(settings) == sorted([*blurred, *originals])


def test_one_run_deletes_no_more_than_it_may(city, settings):
    for number in range(4):
        photos.save(
            photos.read(factories.picture(), sha256=factories.sha256(factories.picture())),
            f"{number}" * 64,
        )
    make_old(settings)
    out = StringIO()

    call_command("sweep_photos", most=4, stdout=out)

    assert "Deleted 4 files" in out.getvalue()
    assert "There may be more" in out.getvalue()
    assert len(kept_files(settings)) == 4
