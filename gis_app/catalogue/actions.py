"""The catalogue is data: it is loaded from a file, as often as wanted, and nothing is lost."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django.db import transaction

from gis_app.catalogue.models import (
    Element,
    Holiday,
    SeasonalBreak,
    ServiceLevel,
    WorkingCalendar,
    WorkingHours,
)

FIRST_LEVEL = date(2018, 1, 1)
AS_WRITTEN = (
    "name_ar", "name_en", "title_ar", "title_en", "unit", "aliases", "is_private", "same_metres",
)  # fmt: skip


@transaction.atomic
def load_calendars(told: Mapping[str, list[Mapping[str, Any]]]) -> int:
    """Add the holidays and calendars of *told* that are not known yet; return how many calendars.

    A known one stays as the amana has it: its hours are changed in the admin.
    """
    for row in told["holidays"]:
        Holiday.objects.get_or_create(
            code=row["code"], defaults={name: row[name] for name in row if name != "code"}
        )
    known = set(WorkingCalendar.objects.values_list("code", flat=True))
    new = [row for row in told["calendars"] if row["code"] not in known]
    for row in new:
        _add_calendar(row)
    return len(new)


def _add_calendar(row: Mapping[str, Any]) -> None:
    names = ("code", "name_ar", "name_en", "day_hours", "remind_hours")
    calendar = WorkingCalendar.objects.create(**{name: row[name] for name in names})
    calendar.holidays.set(Holiday.objects.filter(code__in=row["holidays"]))
    WorkingHours.objects.bulk_create(
        WorkingHours(
            calendar=calendar,
            weekday=weekday,
            opens=time.fromisoformat(span["from"]),
            closes=time.fromisoformat(span["to"]),
            in_ramadan=season == "ramadan",
        )
        for season in ("hours", "ramadan")
        for span in row[season]
        for weekday in span["weekdays"]
    )
    for span in row["breaks"]:
        SeasonalBreak.objects.create(calendar=calendar, **span)


@transaction.atomic
def load(entries: list[Mapping[str, Any]], *, from_day: date) -> dict[str, int]:
    """Bring the elements up to *entries*; return how many were new, changed and unchanged.

    A changed promise (severity, days) becomes a service level from *from_day* on: what was
    promised before stays as it was. An element that *entries* leave out is not touched.
    """
    told = {"new": 0, "changed": 0, "unchanged": 0}
    for entry in entries:
        told[_load_one(entry, from_day)] += 1
    for entry in entries:  # after all of them: one may be mistaken for a later one
        element = Element.objects.get(code=entry["code"])
        element.related.set(Element.objects.filter(code__in=entry["related"]))
    return told


def _load_one(entry: Mapping[str, Any], from_day: date) -> str:
    facts = {name: entry[name] for name in AS_WRITTEN} | {
        "position": entry["order"],
        "geometries": entry["geometry"],
        "valid_from": _day(entry.get("valid_from")),
        "valid_to": _day(entry.get("valid_to")),
        "calendar": _calendar(entry["calendar"]),
        "danger_calendar": _calendar(entry["danger_calendar"]),
    }
    known = Element.objects.filter(code=entry["code"]).first()
    element, is_new = Element.objects.update_or_create(code=entry["code"], defaults=facts)
    promise = {
        "severity": entry["severity"],
        "hours": hours_of(element, entry["days"]),
        "notice_days": entry["notice_days"],
    }
    promised = _promise(element, promise, FIRST_LEVEL if is_new else from_day)
    if is_new:
        return "new"
    same = all(getattr(known, name) == value for name, value in facts.items())
    return "unchanged" if same and not promised else "changed"


def hours_of(element: Element, days: list[int]) -> list[int]:
    """Return *days* for each severity as hours, by the day of the calendar that each runs in."""
    return [
        count * element.calendar_for(severity).day_hours
        for severity, count in enumerate(days, start=1)
    ]


def _calendar(code: str) -> WorkingCalendar:
    found = WorkingCalendar.objects.filter(code=code).first()
    if found is None:
        raise ValueError(f"no calendar is called {code}")
    return found


def _promise(element: Element, promise: dict[str, Any], from_day: date) -> bool:
    """Add a service level unless the last one already says this; return whether it was added."""
    last = element.service_levels.order_by("valid_from").last()
    if last and all(getattr(last, name) == value for name, value in promise.items()):
        return False
    ServiceLevel.objects.update_or_create(element=element, valid_from=from_day, defaults=promise)
    return True


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
