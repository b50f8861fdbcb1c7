"""Photos at their addresses: who may open them, and who may keep them."""

import pytest

from gis_app.distortions.blurring import blur_photo
from gis_app.distortions.judging import clear_photo, withhold_photo
from gis_app.distortions.photos import path
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(city):
    """A resident's photo of something that was accepted, not looked at yet."""
    report = factories.report()
    factories.move("accept", report.distortion)
    return factories.photo(report=report)


def opened(client, photo, question: str = "", *, size: str = "thumb", **headers):
    answer = client.get(f"/photos/{photo.token}/{size}.jpg{question}", headers=headers)
    if answer.status_code == 200:
        assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    return answer


def test_it_waits_for_the_desk(client, triage, photo):
    assert opened(client, photo).status_code == 404
    assert opened(triage, photo).status_code == 200

    clear_photo(token=photo.token, by=triage.user)

    assert opened(client, photo).status_code == 200


def test_its_sender_opens_it_in_the_browser_that_follows_the_report(client, photo):
    client.get(f"/track/{photo.report.track_token}/")

    assert opened(client, photo).status_code == 200


def test_the_private_address_opens_it_anywhere(client, photo):
    assert opened(client, photo, f"?track={photo.report.track_token}").status_code == 200
    assert opened(client, photo, "?track=guess").status_code == 404


def test_only_what_is_public_may_be_kept(client, triage, photo):
    assert "no-store" in opened(triage, photo)["Cache-Control"]

    clear_photo(token=photo.token, by=triage.user)

    answer = opened(client, photo)
    assert answer["Cache-Control"] == "public, no-cache"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_was_withheld_is_gone(client, triage, photo):
    client.get(f"/track/{photo.report.track_token}/")

    withhold_photo(token=photo.token, by=triage.user)

    assert opened(client, photo).status_code == 404


@pytest.mark.parametrize("path", ["guess/large.jpg", "guess/original.jpg"])
def test_a_guess_opens_nothing(db, client, path):
    assert client.get(f"/photos/{path}").status_code == 404


def test_caches_ask_each_time_and_are_told_when_nothing_changed(client, triage, photo):
    clear_photo(token=photo.token, by=triage.user)
    first = opened(client, photo)

    again = opened(client, photo, **{"if-none-match": first["ETag"]})
    blur_photo(token=photo.token, rectangles=[[0, 0, 0.5, 0.5]], by=triage.user)
    blurred = opened(client, photo, **{"if-none-match": first["ETag"]})
    withhold_photo(token=photo.token, by=triage.user)
    withheld = opened(client, photo, **{"if-none-match": blurred["ETag"]})

    assert first["Cache-Control"] == "public, no-cache"
    assert not first.has_header("Vary") or "Cookie" not in first["Vary"]
    assert [again.status_code, blurred.status_code, withheld.status_code] == [304, 200, 404]
    assert blurred["ETag"] != first["ETag"]


def test_the_original_opens_for_those_who_judge_and_is_kept_nowhere(client, triage, crew, photo):
    clear_photo(token=photo.token, by=triage.user)

    answer = opened(triage, photo, size="original")

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert opened(client, photo, size="original").status_code == 404
    assert opened(crew, photo, size="original").status_code == 404


def test_a_picture_that_is_gone_from_the_disk_is_not_there(city, triage):
    photo = factories.photo(report=factories.report())
    path(photo.sha256, "thumb").unlink()

    assert triage.get(f"/photos/{photo.token}/thumb.jpg").status_code == 404
