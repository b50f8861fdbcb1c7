"""A report's own page: what became of it, for whoever has its private address."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gis_app.distortions.judging import withhold_photo
from gis_app.distortions.models import Photo, Report
from tests import factories
from tests.factories import picture

pytestmark = pytest.mark.django_db


def address(report: Report) -> str:
    return f"/track/{report.track_token}/"


def shown(client, report: Report) -> str:
    answer = client.get(address(report))
    assert answer.status_code == 200
    return answer.content.decode()


def brought_to(status: str, **facts) -> Report:
    return Report.objects.get(origin=factories.distortion(status, **facts))


def test_the_page_is_found_by_nobody_and_kept_by_nobody(city, client):
    answer = client.get(address(factories.report()))

    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("token", ["nobody", "x" * 500])
def test_an_unknown_address_says_what_to_look_at(city, client, token):
    answer = client.get(f"/track/{token}/")

    assert answer.status_code == 404
    assert 'href="/report/"' in answer.content.decode()


@pytest.mark.parametrize("path", ["track/{}/", "d/{}/", "districts/{}/", "photos/{}/thumb.jpg"])
def test_nothing_strange_in_an_address_reaches_the_database(client, path):
    assert client.get("/" + path.format("a%00b")).status_code == 404


def test_the_sender_sees_what_she_sent_before_it_is_cleared(city, client):
    report = factories.report(description="خلف المدرسة", place_note="شارع الستين")
    photo = factories.photo(report=report)

    html = shown(client, report)

    assert "خلف المدرسة" in html
    assert "شارع الستين" in html
    assert f"/photos/{photo.token}/thumb.jpg" in html
    assert report.track_token in client.session["tracks"]


def test_a_withheld_photo_is_not_shown_again(city, client, triage):
    report = factories.report()
    photo = factories.photo(report=report)
    withhold_photo(token=photo.token, by=triage.user)

    assert photo.token not in shown(client, report)


@pytest.mark.parametrize(
    ("status", "reason"), [("rejected", "A reason."), ("referred", "The water company")]
)
def test_the_sender_is_told_why_and_to_whom(city, client, status, reason):
    report = brought_to(status)

    html = shown(client, report)

    assert reason in html
    assert f"/d/{report.distortion.number}/" not in html


def test_a_correction_does_not_hide_the_reason(city, client):
    report = brought_to("rejected")
    factories.move("correct", report.distortion, quantity=2.0, reason="Ours alone.")

    html = shown(client, report)

    assert "A reason." in html
    assert "Ours alone." not in html


def test_a_joined_report_follows_the_survivor(city, client):
    report = brought_to("merged")
    survivor = report.distortion
    factories.move("accept", survivor)

    html = shown(client, report)

    assert f"/d/{survivor.number}/" in html
    assert "s-accepted" in html


@pytest.mark.parametrize("status", factories.LIVES)
def test_every_status_has_its_words(city, client, status):
    report = brought_to(status)

    html = shown(client, report)

    assert report.number in html
    assert 'class="timeline"' in html


def test_after_the_treatment_its_photo_is_shown(city, client):
    report = brought_to("verified")
    after = Photo.objects.get(kind="after")

    assert f"/photos/{after.token}/large.jpg" in shown(client, report)


def test_photos_can_be_added_for_a_day(city, client):
    report = factories.report()
    sent = {"photos": SimpleUploadedFile("late.jpg", picture(), content_type="image/jpeg")}

    answer = client.post(address(report), sent)

    assert answer.status_code == 303
    assert Photo.objects.get().report == report
    Report.objects.update(received_at=timezone.now() - timedelta(hours=25))
    assert 'name="photos"' not in shown(client, report)


def test_a_photo_that_is_none_is_told_until_another_one_comes(city, client):
    report = factories.report()
    wrong = SimpleUploadedFile("notes.txt", b"not a picture")
    right = SimpleUploadedFile("wall.jpg", picture())

    client.post(address(report), {"photos": wrong})

    assert "notes.txt" in shown(client, report)
    client.post(address(report), {"photos": right})
    assert "notes.txt" not in shown(client, report)


def test_nothing_chosen_is_told(city, client):
    assert client.post(address(factories.report())).status_code == 422


def test_a_signed_in_senders_report_takes_no_photos_from_others(city, client, resident):
    report = factories.report(by=resident.user)

    assert 'name="photos"' not in shown(client, report)
    assert 'name="photos"' in shown(resident, report)


def test_a_rough_place_says_so(city, client):
    report = factories.report(accuracy_m=740)

    assert "740" in shown(client, report)


def test_what_was_written_is_never_markup(city, client):
    report = factories.report(description="<script>alert(1)</script>", place_note="<b>")

    assert "<script>alert" not in shown(client, report)


def test_the_page_asks_the_same_questions_for_any_number_of_photos(
    city, client, django_assert_max_num_queries
):
    report = brought_to("verified")
    shown(client, report)
    for shade in range(1, 6):
        factories.photo(report=report, data=picture(f"#0000{shade:02x}"))

    with django_assert_max_num_queries(11):
        shown(client, report)
