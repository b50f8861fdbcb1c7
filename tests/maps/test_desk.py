"""The desk: who may enter, what waits for whom, and every move by a form that works without scripts."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gis_app.distortions.models import Step
from tests import factories

pytestmark = pytest.mark.django_db


def page(browser, path="/desk/") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def move(browser, found, name, **fields):
    """Send the form of a move as the page makes it."""
    hidden = {"id": uuid4(), "expected_status": found.status}
    return browser.post(f"/desk/{found.number}/moves/{name}/?queue=triage", hidden | fields)


def upload(colour="#1e6a50"):
    return SimpleUploadedFile("after.jpg", factories.picture(colour), "image/jpeg")


# --- who enters


def test_strangers_are_sent_to_the_sign_in(client, city):
    answer = client.get("/desk/?queue=late")

    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/desk/%3Fqueue%3Dlate"


def test_residents_are_refused(resident, city):
    assert resident.get("/desk/").status_code == 403


@pytest.mark.parametrize("role", ["inspector", "crew", "triage", "verifier", "planner", "admin"])
def test_every_role_has_a_queue_of_its_own(role, request, city):
    browser = request.getfixturevalue(role)

    assert browser.get("/desk/").status_code == 200


# --- what waits


def test_each_queue_holds_what_waits_for_the_same_deed(admin, city):
    of = {name: factories.distortion(name) for name in ("reported", "accepted", "assigned")}
    of["treated"] = factories.distortion("treated")
    queues = {"triage": "reported", "assign": "accepted", "work": "assigned", "verify": "treated"}

    for queue, status in queues.items():
        rows = admin.get("/desk/", {"queue": queue}).context["rows"]

        assert [row.number for row in rows] == [of[status].number]


def test_crews_see_their_own_work_only(crew, city):
    mine = factories.distortion("assigned")
    other = factories.distortion("accepted", **factories.inside(1))
    factories.move("assign", other, team=factories.team("another").code)

    shown = page(crew)

    assert mine.number in shown
    assert other.number not in shown
    assert crew.get(f"/desk/{other.number}/").status_code == 404


def test_the_most_severe_come_first_then_the_oldest(triage, city):
    factories.distortion(code="graffiti")
    old, new = factories.distortion(code="pothole"), factories.distortion(code="pothole")

    numbers = [row.number for row in triage.get("/desk/").context["rows"]]

    assert numbers[:2] == [old.number, new.number]


def test_a_queue_is_narrowed_by_element_and_district(triage, city):
    found = factories.distortion(code="pothole", **factories.inside(1))
    factories.distortion(code="graffiti")

    rows = triage.get("/desk/", {"element": "pothole", "district": "TAIF-002"}).context["rows"]

    assert [row.number for row in rows] == [found.number]


@pytest.mark.parametrize("params", [{"queue": "x"}, {"order": "x"}, {"element": "x"}, {"x": "1"}])
def test_an_unreadable_question_is_refused(triage, city, params):
    assert triage.get("/desk/", params).status_code == 400


def test_a_long_queue_has_pages(triage, city, monkeypatch):
    monkeypatch.setattr("maps.queue.PAGE", 2)
    numbers = [factories.distortion().number for _ in range(3)]

    first = triage.get("/desk/").context
    second = triage.get("/desk/", {"after": first["more"]}).context

    assert [row.number for row in (*first["rows"], *second["rows"])] == numbers
    assert second["more"] == ""


# --- moves


def test_the_buttons_are_the_moves_that_are_open(triage, verifier, city):
    found = factories.distortion("treated")

    assert "moves/verify/" in page(verifier, f"/desk/{found.number}/")
    assert "moves/verify/" not in page(triage, f"/desk/{found.number}/")


def test_a_move_is_made_and_the_queue_goes_on(triage, city):
    found = factories.distortion()

    answer = move(triage, found, "accept")

    assert (answer.status_code, answer["Location"]) == (302, "/desk/?queue=triage")
    found.refresh_from_db()
    assert found.status == "accepted"


def test_a_double_submit_is_harmless(triage, city):
    found = factories.distortion()
    fields = {"id": uuid4(), "expected_status": "reported"}

    answers = [move(triage, found, "accept", **fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Step.objects.filter(distortion=found, move="accept").count() == 1


def test_what_is_missing_is_said_beside_the_field_and_the_rest_is_kept(triage, city):
    found = factories.distortion()

    answer = move(triage, found, "refer", reference="W-77")

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"body"}
    assert "W-77" in answer.content.decode()


def test_a_case_that_went_on_meanwhile_is_shown_as_it_is_now(triage, city):
    found = factories.distortion()
    factories.move("accept", found)
    found.status = "reported"  # as the page that was served before says

    answer = move(triage, found, "reject", reason="Long gone, says the baker.")

    assert answer.status_code == 409
    assert answer.context["distortion"].status == "accepted"
    assert "Long gone, says the baker." in answer.content.decode()


def test_a_move_of_another_role_is_refused(crew, city):
    found = factories.distortion("assigned")

    assert move(crew, found, "refer", body="The water company").status_code == 403


def test_a_crew_sends_photo_and_quantity_in_one_form(crew, city):
    found = factories.distortion("assigned")

    answer = move(crew, found, "treat", quantity="٢٫٥", photos=upload())

    assert answer.status_code == 302
    found.refresh_from_db()
    assert (found.status, found.treated_quantity) == ("treated", 2.5)
    assert found.photos.get().step.move == "treat"


def test_a_photo_is_kept_when_its_move_is_refused(crew, city):
    found = factories.distortion("assigned")

    refused = move(crew, found, "treat", photos=upload())
    kept = found.photos.get().sha256
    made = move(crew, found, "treat", quantity="2.5", kept=kept)

    assert (refused.status_code, made.status_code) == (422, 302)
    assert kept in refused.content.decode()


def test_what_is_no_photo_is_refused_beside_the_field(crew, city):
    found = factories.distortion("assigned")
    text = SimpleUploadedFile("after.jpg", b"not a picture", "image/jpeg")

    answer = move(crew, found, "treat", quantity="2.5", photos=text)

    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_a_place_is_corrected_by_two_numbers(triage, city):
    found = factories.distortion()
    there = factories.inside(1)

    answer = move(
        triage, found, "correct", reason="A slip.", place=f"{there['lat']}, {there['lon']}"
    )

    assert answer.status_code == 302
    found.refresh_from_db()
    assert found.district.code == "TAIF-002"


# --- what residents sent


def test_residents_photos_and_words_are_published_or_withheld(triage, city):
    report = factories.report(description="A wall full of paint.")
    photo = factories.photo(report=report)

    triage.post("/desk/clear/", {"token": photo.token, "deed": "publish"})
    answer = triage.post("/desk/clear/", {"report_id": report.pk, "deed": "withhold"})

    photo.refresh_from_db()
    report.refresh_from_db()
    assert answer["Location"].startswith(f"/desk/{report.distortion.number}/")
    assert photo.cleared_at
    assert report.text_withheld_at


@pytest.mark.parametrize("fields", [{}, {"deed": "x"}, {"deed": "publish", "report_id": "x"}])
def test_an_unreadable_judgement_is_refused(triage, city, fields):
    assert triage.post("/desk/clear/", fields).status_code == 400


def test_crews_do_not_judge(crew, city):
    photo = factories.photo(report=factories.report())

    assert crew.post("/desk/clear/", {"token": photo.token, "deed": "publish"}).status_code == 403


def test_what_people_write_is_never_code(triage, city):
    found = factories.report(description="<script>alert(1)</script>").distortion

    assert "<script>alert(1)" not in page(triage, f"/desk/{found.number}/")
