"""How reporters are reached: masked, shown to whoever answers them when she asks, and each look kept."""

import pytest

from gis_app.accounts.masks import masked_email, masked_name, masked_phone
from gis_app.distortions.models import Contact, ContactLook
from tests import factories

pytestmark = pytest.mark.django_db
CONTACT = {"name": "Noura", "phone": "0551234567", "email": "noura@example.sa"}
IN_FULL = ("Noura", "+966551234567", "noura@example.sa")
MASKED = ("N•••", "+9665•••••567", "n•••@•••.sa")


@pytest.fixture
def report(city):
    found = factories.report(contact=CONTACT)
    for name in ("accept", "assign"):
        factories.move(name, found.distortion)
    return found


def page(browser, report) -> str:
    return browser.get(f"/desk/{report.distortion.number}/").content.decode()


def ask(browser, report):
    address = f"/desk/{report.distortion.number}/contact/?queue=triage"
    return browser.post(address, {"report_id": report.pk})


@pytest.mark.parametrize(
    ("mask", "text", "expected"),
    [
        (masked_phone, "+966551234123", "+9665•••••123"),
        (masked_phone, "+4512345", "•••"),
        (masked_phone, "", ""),
        (masked_email, "amal@mail.example.sa", "a•••@•••.sa"),
        (masked_email, "", ""),
        (masked_name, "نورة", "ن•••"),
        (masked_name, "", ""),
    ],
)
def test_little_is_shown_before_somebody_asks(mask, text, expected):
    assert mask(text) == expected


def test_the_desk_sees_a_masked_contact_and_no_look_is_kept(triage, report):
    shown = page(triage, report)

    assert all(text in shown for text in MASKED)
    assert not any(text in shown for text in IN_FULL)
    assert not ContactLook.objects.exists()


@pytest.mark.parametrize("role", ["triage", "admin"])
def test_whoever_answers_reporters_sees_it_when_she_asks_and_the_look_is_kept(
    role, request, report
):
    browser = request.getfixturevalue(role)

    answer = ask(browser, report)

    assert answer.status_code == 200
    assert all(text in answer.content.decode() for text in IN_FULL)
    assert "no-store" in answer["Cache-Control"]
    look = ContactLook.objects.get()
    assert (look.by, look.report) == (browser.user, report)
    assert "+966551234567" not in page(browser, report)


@pytest.mark.parametrize("role", ["inspector", "verifier", "planner"])
def test_other_staff_learn_that_there_is_a_contact_and_nothing_of_it(role, request, report):
    browser = request.getfixturevalue(role)

    shown = page(browser, report)

    assert f"contact-{report.pk}" in shown
    assert not any(text in shown for text in (*IN_FULL, *MASKED))
    assert ask(browser, report).status_code == 403


def test_those_who_treat_learn_nothing(crew, report):
    shown = page(crew, report)

    assert f"contact-{report.pk}" not in shown
    assert ask(crew, report).status_code == 403
    assert not ContactLook.objects.exists()


def test_out_of_scope_there_is_no_contact(triage, city, report):
    triage.user.districts.set([city.east])

    assert ask(triage, report).status_code == 404
    assert not ContactLook.objects.exists()


@pytest.mark.parametrize("report_id", ["", "x"])
def test_an_unreadable_request_is_refused(triage, report, report_id):
    address = f"/desk/{report.distortion.number}/contact/"

    assert triage.post(address, {"report_id": report_id}).status_code == 400


def test_looks_stand_in_the_history_for_those_who_may_look_themselves(triage, verifier, report):
    ask(triage, report)
    Contact.objects.all().delete()
    address = f"/desk/{report.distortion.number}/history/"

    assert report.number in triage.get(address).content.decode()
    assert ContactLook.objects.shown_to(triage.user).about(report.distortion).count() == 1
    assert not ContactLook.objects.shown_to(verifier.user).exists()
