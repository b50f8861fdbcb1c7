"""Photos of reports and distortions: who adds them, who sees them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from gis_app.distortions import photos
from gis_app.distortions.judging import clear_photo, withhold_photo
from gis_app.distortions.models import Photo
from gis_app.distortions.photo_actions import MOST_PHOTOS, add_photo
from gis_app.errors import Forbidden, Refused, TooMany
from tests import factories

ANYBODY = AnonymousUser()
COLOURS = ("red", "green", "blue", "black", "white", "yellow", "orange")


def send(data=None, *, by=ANYBODY, sha256=None, **subject):
    data = data or factories.picture()
    return add_photo(
        data=data, sha256=sha256 or factories.sha256(data), by=by, client="a phone", **subject
    )


def can_open(token: str, *, user=ANYBODY, track: str = "") -> bool:
    found = photos.open_for(token, "large", user=user, track=track)
    if found:
        found.file.close()
    return found is not None


def is_public(token: str, *, user) -> bool:
    found = photos.open_for(token, "thumb", user=user)
    found.file.close()
    return found.is_public


# --- adding


def test_a_photo_lies_on_disk_in_two_sizes_under_the_hash_of_what_was_sent(city):
    data = factories.picture()

    photo, is_new = send(data, report=factories.report())

    assert is_new
    assert photo.sha256 == factories.sha256(data)
    kept = {
        path.name: path.read_bytes() for path in photos.path(photo.sha256, "large").parent.iterdir()
    }
    assert sorted(kept) == [f"{photo.sha256}.large.jpg", f"{photo.sha256}.thumb.jpg"]
    assert data not in kept.values()


def test_the_same_photo_again_is_the_first_one_and_costs_nothing(city, settings):
    settings.RASD_PHOTOS_PER_HOUR = 1
    report = factories.report()
    first, _ = send(report=report)

    again, is_new = send(report=report)

    assert (again, is_new) == (first, False)


def test_the_address_of_a_known_photo_with_other_bytes_is_refused(city):
    report = factories.report()
    send(report=report)

    with pytest.raises(photos.Damaged):
        send(factories.picture("blue"), report=report, sha256=factories.sha256(factories.picture()))


def test_one_picture_of_two_reports_has_two_rows_and_one_file(city):
    first, second = (send(report=factories.report())[0] for _ in range(2))

    assert first.token != second.token
    assert len(list(photos.path(first.sha256, "large").parent.iterdir())) == 2


def test_a_refused_picture_leaves_nothing_behind(city, settings):
    with pytest.raises(Refused):
        send(b"not a picture", report=factories.report())

    assert not Photo.objects.exists()
    assert not settings.MEDIA_ROOT.exists()


def test_the_public_adds_a_few_photos_to_a_report_and_staff_more(city, inspector):
    report = factories.report()
    for colour in COLOURS[:MOST_PHOTOS]:
        send(factories.picture(colour), report=report)

    with pytest.raises(Refused, match="6"):
        send(factories.picture(COLOURS[MOST_PHOTOS]), report=report)
    send(factories.picture(COLOURS[MOST_PHOTOS]), report=report, by=inspector.user)


def test_many_photos_from_one_client_have_to_wait(city, settings):
    settings.RASD_PHOTOS_PER_HOUR = 1
    report = factories.report()
    send(report=report)

    with pytest.raises(TooMany):
        send(factories.picture("blue"), report=report)


def test_nobody_adds_to_the_report_of_somebody_else(city, resident):
    theirs = factories.report(by=factories.user("resident"))

    with pytest.raises(Forbidden):
        send(report=theirs, by=resident.user)
    with pytest.raises(Forbidden):
        send(report=theirs)


def test_only_staff_add_photos_after_treatment_or_without_a_report(city, resident):
    report = factories.report(by=resident.user)

    with pytest.raises(Forbidden):
        send(report=report, by=resident.user, kind="after")
    with pytest.raises(Forbidden):
        send(distortion=report.distortion, by=resident.user)


def test_a_crew_adds_photos_only_to_what_it_was_given(city, crew):
    given, other = factories.distortion("assigned"), factories.distortion("accepted")

    send(distortion=given, by=crew.user, kind="after")
    with pytest.raises(Forbidden):
        send(distortion=other, by=crew.user, kind="after")


@pytest.mark.django_db(transaction=True)
def test_the_same_photo_twice_at_the_same_moment_is_one_row():
    factories.district()
    report = factories.report()

    def send_once(_):
        try:
            return send(report=report)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as phones:
        sent = list(phones.map(send_once, range(4)))

    assert len({photo.pk for photo, _ in sent}) == 1
    assert sorted(is_new for _, is_new in sent) == [False, False, False, True]


# --- seeing


def test_a_residents_photo_is_public_once_it_is_cleared_and_the_distortion_accepted(city, triage):
    report = factories.report()
    photo, _ = send(report=report)
    assert not can_open(photo.token)

    clear_photo(token=photo.token, by=triage.user)
    assert not can_open(photo.token)

    factories.move("accept", report.distortion)
    assert can_open(photo.token)


def test_the_photos_of_the_staff_need_no_clearing(city):
    distortion = factories.distortion("treated")

    (photo,) = distortion.photos.all()
    assert can_open(photo.token)


def test_a_rejected_distortion_takes_its_photos_along(city, triage):
    distortion = factories.distortion("verified")
    (photo,) = distortion.photos.all()

    factories.move("reopen", distortion)
    factories.move("refer", distortion)

    assert not can_open(photo.token)


def test_the_sender_sees_her_own_photo_before_anybody_else(city, resident):
    report = factories.report(by=resident.user)
    photo, _ = send(report=report, by=resident.user)

    assert can_open(photo.token, user=resident.user)
    assert can_open(photo.token, track=report.track_token)
    assert not can_open(photo.token, track="another")
    assert not can_open(photo.token, user=factories.user("resident"))


def test_only_public_photos_may_be_kept_by_caches(city, resident, triage):
    report = factories.report(by=resident.user)
    photo, _ = send(report=report, by=resident.user)
    assert not is_public(photo.token, user=resident.user)

    factories.move("accept", report.distortion)
    clear_photo(token=photo.token, by=triage.user)

    assert is_public(photo.token, user=resident.user)


@pytest.mark.parametrize("size", ["", "../large"])
def test_a_photo_has_no_sizes_but_its_own(city, admin, size):
    photo, _ = send(report=factories.report())

    assert photos.open_for(photo.token, size, user=admin.user) is None


# --- deciding


def test_a_withheld_photo_is_shown_to_staff_alone(city, resident, triage):
    report = factories.report(by=resident.user)
    photo, _ = send(report=report, by=resident.user)
    factories.move("accept", report.distortion)
    clear_photo(token=photo.token, by=triage.user)

    withhold_photo(token=photo.token, by=triage.user)

    assert not can_open(photo.token)
    assert not can_open(photo.token, user=resident.user)
    assert not can_open(photo.token, track=report.track_token)
    assert can_open(photo.token, user=triage.user)
