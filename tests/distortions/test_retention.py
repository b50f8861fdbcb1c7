"""Personal data ends by itself after its time. Counts and history stay."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from gis_app.distortions.actions import submit
from gis_app.distortions.gathering import counts
from gis_app.distortions.judging import clear_photo, clear_text
from gis_app.distortions.models import Contact, Photo, Report, Step
from gis_app.distortions.photos import SIZES, path
from gis_app.distortions.retention import due, retain
from tests import factories
from tests.distortions.personal import (
    CONTACT,
    HERS,
    NOTE,
    closed,
    left_of,
    personal_report,
    written_to,
)

pytestmark = pytest.mark.django_db
LATER = timedelta(days=181)


@pytest.fixture
def report(city):
    return personal_report()


def later() -> dict[str, int]:
    return retain(now=timezone.now() + LATER)


@pytest.mark.parametrize("end", [(), ("reject",), ("refer",)], ids=["verified", "reject", "refer"])
def test_after_its_time_nothing_personal_of_a_closed_case_is_left(
    report, settings, end, django_capture_on_commit_callbacks
):
    settings.RASD_EMAIL = True
    closed(report, *end)
    written_to(report)
    sha256 = report.photos.get().sha256

    with django_capture_on_commit_callbacks(execute=True):
        counted = later()

    assert counted["reports"] == 1
    assert left_of(*HERS, NOTE) == []
    assert not any(path(sha256, size).exists() for size in SIZES)


def test_what_was_erased_leaves_a_tombstone_and_its_counts(report):
    closed(report)
    before = (report.number, report.content_hash, counts(report.distortion))

    later()

    report.refresh_from_db()
    assert report.erased_at
    assert (report.number, report.content_hash, counts(report.distortion)) == before
    step = report.distortion.steps.latest("pk")
    assert (step.move, step.differences["erased"]) == ("erase", ["", report.number])
    assert Report.objects.get(distortion=report.distortion).photos.get().erased_at


def test_what_was_published_stays_without_its_author(report, triage):
    closed(report, "accept")
    clear_text(report_id=report.pk, by=triage.user)
    clear_photo(token=report.photos.get().token, by=triage.user)
    closed(report, "assign", "treat", "verify")

    later()

    report.refresh_from_db()
    assert report.description == "By the old mill."
    assert (report.by, report.place_note) == (None, "")
    assert Photo.objects.published().filter(report=report, by=None, place=None).exists()


@pytest.mark.parametrize("moves", [("accept",), ("accept", "assign", "treat", "verify", "reopen")])
def test_what_is_open_keeps_what_the_work_needs(report, moves):
    closed(report, *moves)

    assert later()["reports"] == 0
    assert Contact.objects.filter(report=report).exists()


def test_what_was_closed_lately_waits(report):
    closed(report)

    assert retain()["reports"] == 0
    assert due()["cases"] == 0


def test_the_words_of_what_was_merged_go_with_its_survivor(report, city):
    survivor = factories.report()
    factories.move("merge", report.distortion, into=survivor.distortion.number, note=NOTE)

    closed(survivor, "reject")
    later()

    assert left_of(NOTE) == []
    assert left_of("Noura") == []


def test_a_case_is_erased_once(report):
    closed(report)
    later()
    steps = Step.objects.count()

    assert later()["reports"] == 0
    assert Step.objects.count() == steps


def test_a_resend_after_the_end_brings_nothing_back(city):
    facts = {
        "id": factories.uuid4(),
        "element": "graffiti",
        "geometry": factories.crs.point(**factories.inside()),
        "observed_at": timezone.now(),
        "contact": CONTACT,
        "by": factories.AnonymousUser(),
        "client": "a phone",
    }
    first, _is_new = submit(**facts)
    closed(first, "reject")
    later()

    again, is_new = submit(**facts)

    assert (again.pk, is_new) == (first.pk, False)
    assert not Contact.objects.exists()


def test_messages_go_before_their_case(report, settings):
    settings.RASD_EMAIL = True
    message = written_to(report)

    retain(now=timezone.now() + timedelta(days=91))

    message.refresh_from_db()
    assert (message.to, message.body, message.state) == ("", "", "sent")
    assert Contact.objects.filter(report=report).exists()


def test_a_dry_run_counts_and_erases_nothing(report, settings):
    closed(report)
    settings.RASD_KEEP_CONTACTS_DAYS = -1
    said = StringIO()

    call_command("retain", "--dry-run", stdout=said)
    assert said.getvalue().startswith("Due: cases 1, messages 0, ")
    call_command("retain", stdout=said)

    assert "Erased: cases 1, reports 1, " in said.getvalue()
    assert not Contact.objects.exists()


def test_no_step_names_a_resident(resident, city):
    report = factories.report(by=resident.user)

    assert report.by == resident.user
    assert Step.objects.get(distortion=report.distortion).by is None


def test_who_reported_twice_still_counts_once(resident, city):
    first = factories.report(by=resident.user)
    factories.report(by=resident.user, same_as=first.distortion.number)
    closed(first, "reject")
    assert counts(first.distortion) == {"reports_count": 2, "supporters_count": 1}

    later()

    first.distortion.refresh_from_db()
    assert counts(first.distortion) == {"reports_count": 2, "supporters_count": 1}
    assert (first.distortion.reports_count, first.distortion.supporters_count) == (2, 1)
