"""What is kept of a person is handed out and erased when she asks; open cases go on without her."""

import json
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command

from gis_app.distortions.contacts import look_at_contact
from gis_app.distortions.gathering import counts
from gis_app.distortions.judging import clear_text
from gis_app.distortions.models import Contact, Report, Step
from gis_app.distortions.person import Nobody, all_of, erase_person, export_person, find_person
from gis_app.distortions.privacy import erase_report
from gis_app.errors import Refused
from tests import factories
from tests.distortions.personal import (
    CONTACT,
    HERS,
    closed,
    left_of,
    personal_report,
    written_to,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(city):
    return personal_report()


@pytest.mark.parametrize(
    "way", [{"phone": "٠٥٥١٢٣٤٥٦٧"}, {"phone": "+966 55 123 4567"}, {"email": "Noura@example.sa"}]
)
def test_a_person_is_erased_and_the_open_case_goes_on(report, city, triage, way):
    other = factories.report(
        same_as=report.distortion.number, contact={"phone": "0559876543"}, client="another phone"
    )
    closed(report, "accept")
    clear_text(report_id=report.pk, by=triage.user)
    before = counts(report.distortion)
    token = report.track_token

    assert erase_person(find_person(**way)) == 1

    report.refresh_from_db()
    assert left_of(*HERS) == []
    assert report.track_token != token
    assert report.distortion.status == "accepted"
    assert counts(report.distortion) == before
    assert Contact.objects.get().report == other


def test_what_was_split_off_is_hers_too(report, city):
    part = factories.report(description="By the old mill.", place_note="The second door.")
    Report.objects.filter(pk=part.pk).update(split_from=report)

    erase_person(find_person(phone="0551234567"))

    assert left_of("By the old mill") == []


def test_an_account_is_emptied_and_closed(resident, city):
    resident.user.first_name, resident.user.email = "Noura", "noura@example.sa"
    resident.user.save()
    factories.report(by=resident.user, contact=CONTACT)

    erase_person(find_person(username=resident.user.username))

    assert left_of("Noura") == []
    assert resident.get("/accounts/password/").status_code == 302


def test_who_works_for_the_city_keeps_her_name_until_her_account_is_ended(triage, city):
    with pytest.raises(Refused):
        erase_person(find_person(username="triage"))

    triage.user.is_active = False
    triage.user.save()
    erase_person(find_person(username="triage"))

    triage.user.refresh_from_db()
    assert triage.user.username == f"erased-{triage.user.pk}"


def test_erasing_twice_is_harmless(report):
    erase_report(report_id=report.pk)
    steps = Step.objects.count()

    erase_report(report_id=report.pk)

    assert Step.objects.count() == steps


def test_all_that_is_hers_is_handed_out_without_names_of_staff(report, triage, settings):
    settings.RASD_EMAIL = True
    written_to(report)
    look_at_contact(report_id=report.pk, by=triage.user)
    file = BytesIO()

    export_person(find_person(email="noura@example.sa"), file)

    archive = ZipFile(file)
    told = json.loads(archive.read("person.json"))
    assert told["reports"][0]["description"] == "By the old mill."
    assert told["contacts"][0]["phone"] == "+966551234567"
    assert told["messages"][0]["to"] == "noura@example.sa"
    assert told["looks_at_her_contact"][0]["by__role"] == "triage"
    assert f"photos/{report.photos.get().token}.jpg" in archive.namelist()


def test_of_a_stranger_nothing_is_known(report):
    with pytest.raises(Nobody):
        find_person(phone="0550000000", username="nobody")


def test_the_commands_hand_out_and_erase(report, tmp_path):
    said, file = StringIO(), tmp_path / "noura.zip"
    who = ["--phone", "0551234567"]

    call_command("export_person", *who, str(file), stdout=said)
    call_command("erase_person", *who, stdout=said)
    assert Contact.objects.exists()
    call_command("erase_person", *who, "--yes", stdout=said)

    assert file.stat().st_mode & 0o077 == 0
    assert said.getvalue().splitlines()[1:] == [
        "1 reports. With --yes: erased.",
        "1 reports were erased.",
    ]
    with pytest.raises(CommandError):
        call_command("erase_person", *who, "--yes", stdout=said)
    assert all_of(find_person(username=factories.staff("triage").username))["reports"] == []
