"""Calendars as data: loaded once, then the amana's; shown, and said in words."""

from datetime import date, time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from gis_app.catalogue.models import Element, ServiceLevel, WorkingCalendar, WorkingHours
from gis_app.errors import Refused
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def load() -> str:
    out = StringIO()
    call_command("load_catalogue", stdout=out)
    return out.getvalue()


def shown(code: str, first: str) -> list[str]:
    out = StringIO()
    call_command("show_calendar", code, "--from", first, stdout=out)
    return [line.split("  ", 1)[1] for line in out.getvalue().splitlines()]


def test_the_catalogue_is_loaded_with_its_calendars_and_again_changes_nothing():
    assert "29 new" in load()
    assert "29 unchanged; 0 new calendars" in load()

    assert set(WorkingCalendar.objects.values_list("code", flat=True)) == {
        "office", "field", "seven_days", "always",
    }  # fmt: skip
    assert not Element.objects.filter(calendar=None).exists()
    assert ServiceLevel.objects.get(element__code="pothole").hours == [48, 40, 24, 24]


def test_what_the_amana_has_changed_in_a_calendar_stays():
    load()
    WorkingHours.objects.filter(calendar__code="office", in_ramadan=False).update(closes=time(14))

    load()

    assert shown("office", "2026-11-15")[0] == "08:00–14:00"


@pytest.mark.parametrize(
    ("code", "first", "week"),
    [
        ("office", "2026-09-20", ["08:00–16:00"] * 3 + ["—"] + ["08:00–16:00"] + ["—"] * 2),
        ("field", "2026-06-14", ["06:00–14:00"] + ["06:00–12:00"] * 4 + ["—"] * 2),
        (
            "field",  # Ramadan, until its 29th; what runs past midnight is told where it runs
            "2026-03-15",
            ["09:00–12:00  21:30–00:00"]
            + ["00:00–00:30  09:00–12:00  21:30–00:00"] * 3
            + ["00:00–00:30"]
            + ["—"] * 2,
        ),
        ("always", "2026-03-15", ["00:00–00:00"] * 7),
        ("seven_days", "2026-11-15", ["07:00–23:00"] * 7),
        ("office", "2026-05-24", ["08:00–16:00"] * 2 + ["—"] * 5),  # Eid al-Adha 1447
    ],
)
def test_a_week_is_shown_day_by_day(code, first, week):
    factories.calendar()

    assert shown(code, first) == week


def test_an_unknown_calendar_names_the_known_ones():
    factories.calendar()

    with pytest.raises(CommandError, match="always, field, office, seven_days"):
        shown("lunar", "2026-11-15")


@pytest.mark.parametrize(
    ("code", "hours", "words"),
    [
        ("field", 24, "within 3 working days"),
        ("field", 8, "within 1 working day"),
        ("field", 12, "within 12 working hours"),
        ("seven_days", 16, "within 1 working day"),
        ("always", 24, "within 24 hours"),
    ],
)
def test_hours_are_said_as_people_say_them(code, hours, words):
    assert factories.calendar(code).in_words(hours) == words


def test_an_element_without_a_calendar_promises_nothing():
    element = factories.element()
    element.calendar = None

    with pytest.raises(Refused, match="no working calendar"):
        element.calendar_for(1)


def test_the_admin_shows_the_next_two_weeks(admin):
    admin.user.is_staff = admin.user.is_superuser = True
    admin.user.save()
    calendar = factories.calendar("always")

    page = admin.get(f"/admin/catalogue/workingcalendar/{calendar.pk}/change/")

    assert page.content.decode().count("<bdi dir='ltr'>00:00–00:00</bdi>") == 14


def test_a_promise_of_the_past_stays_when_the_file_has_another():
    load()
    pothole = Element.objects.get(code="pothole")
    pothole.service_levels.update(hours=[8, 8, 8, 8])

    assert "1 changed" in load()

    assert pothole.level_on(date(2020, 1, 1)).hours == [8, 8, 8, 8]
