"""Photos on the desk: blurred by drawing or by numbers, published by a press of its own."""

import pytest

from gis_app.distortions.judging import clear_photo
from tests import factories

pytestmark = pytest.mark.django_db

FACE = {"left": ["25"], "top": ["25"], "width": ["50"], "height": ["50"]}


@pytest.fixture
def photo(city):
    report = factories.report()
    factories.move("accept", report.distortion)
    return factories.photo(report=report)


def page(photo) -> str:
    return f"/desk/photos/{photo.token}/"


def test_rectangles_are_given_as_percents_and_shown_again(triage, photo):
    answer = triage.post(page(photo), FACE | {"deed": "blur"}, follow=True)

    photo.refresh_from_db()
    assert photo.blurs == [[0.25, 0.25, 0.5, 0.5]]
    assert answer.status_code == 200
    assert '<rect x="25" y="25" width="50" height="50"/>' in answer.content.decode()


def test_empty_lines_are_no_rectangles_and_take_away_what_was(triage, photo):
    triage.post(page(photo), FACE | {"deed": "blur"})

    empty = {side: ["", ""] for side in FACE}
    triage.post(page(photo), empty | {"deed": "blur"})

    photo.refresh_from_db()
    assert photo.blurs == []


def test_arabic_digits_are_numbers_too(triage, photo):
    triage.post(page(photo), FACE | {"left": "١٢٫٥", "deed": "blur"})

    photo.refresh_from_db()
    assert photo.blurs == [[0.125, 0.25, 0.5, 0.5]]


@pytest.mark.parametrize("wrong", ["", "a", "101", "-1", "nan"])
def test_a_line_that_cannot_be_read_is_said_and_kept(triage, photo, wrong):
    answer = triage.post(page(photo), FACE | {"left": wrong, "deed": "blur"})

    photo.refresh_from_db()
    assert answer.status_code == 422
    assert photo.blurs == []
    assert 'value="50"' in answer.content.decode()


def test_a_preview_keeps_nothing(triage, photo):
    answer = triage.post(page(photo), FACE | {"deed": "preview"})
    picture = triage.get(f"{page(photo)}preview.jpg", {side: FACE[side][0] for side in FACE})

    photo.refresh_from_db()
    assert photo.blurs == []
    assert "preview.jpg?left=25&amp;top=25" in answer.content.decode()
    assert picture.content[:2] == b"\xff\xd8"
    assert "no-store" in picture["Cache-Control"]


def test_blurring_publishes_nothing_and_publishing_leads_back_here(triage, photo):
    triage.post(page(photo), FACE | {"deed": "blur"})
    photo.refresh_from_db()
    assert photo.cleared_at is None

    wanted = {"deed": "publish", "token": photo.token, "back": "photo"}
    answer = triage.post("/desk/clear/?queue=clear", wanted)

    photo.refresh_from_db()
    assert answer["Location"] == f"{page(photo)}?queue=clear"
    assert photo.cleared_at


def test_only_those_who_judge_come_here(client, inspector, crew, resident, photo):
    assert client.get(page(photo)).status_code == 302
    for browser in (inspector, crew, resident):
        assert browser.get(page(photo)).status_code == 403
        assert browser.post(page(photo), FACE | {"deed": "blur"}).status_code == 403
        assert browser.get(f"{page(photo)}preview.jpg").status_code == 403


def test_a_photo_elsewhere_is_not_there(client, photo):
    elsewhere = factories.sub_municipality("taif-east")
    client.force_login(factories.user("triage", sub_municipality=elsewhere))
    clear_photo(token=photo.token, by=factories.staff("triage"))

    assert client.get(page(photo)).status_code == 404
    assert client.get("/desk/photos/guess/").status_code == 404


def test_the_history_tells_what_was_blurred_and_published(triage, photo):
    triage.post(page(photo), FACE | {"deed": "blur"})
    triage.post("/desk/clear/", {"deed": "publish", "token": photo.token})
    triage.cookies["django_language"] = "en"

    told = triage.get(f"/desk/{photo.distortion.number}/history/").content.decode()

    assert f"Blurred parts of the photo {photo.pk}" in told
    assert "Not reviewed for publishing" in told


def test_what_is_asked_besides_rectangles_changes_nothing(triage, photo):
    sides = {side: FACE[side][0] for side in FACE}

    answer = triage.get(f"{page(photo)}preview.jpg", sides | {"number": "abc"})

    assert answer.status_code == 200


def test_words_are_judged_on_the_case_and_never_lead_to_a_photo(triage, photo):
    words = factories.report(description="خلف المدرسة", **factories.inside(0, east=0.2))
    told = {"deed": "publish", "report_id": words.pk, "back": "photo"}

    answer = triage.post("/desk/clear/", told)

    assert answer["Location"].startswith(f"/desk/{words.distortion.number}/")
