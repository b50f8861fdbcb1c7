"""What is promised: until when the owner has time, when the clock begins, when treatment is due.

The promise to the public runs in the element's working hours. A team with a calendar of its own
works what is left of it in its own hours, from its assignment on.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.functional import Promise as Words
from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.models import Element, WorkingCalendar
from gis_app.distortions.models import Distortion
from gis_app.distortions.of_one import steps_of
from gis_app.treatment.models import Team

Changes = dict[str, Any]
HOUR_S = 3600
NONE: Changes = {"due_at": None, "notice_until": None, "clock_from": None, "paused_seconds": 0}
RUNNING: Changes = {"paused_at": None, "pause_reason": ""}
BEGINS = ("accept", "return", "reopen", "unmerge")  # moves that begin a promise anew
WHY: dict[str, Words] = {
    "assign": _("Agreed with the team"),
    "correct": _("Its kind or severity was corrected"),
    "reopen": _("It was reopened"),
    "return": _("The other body returned it"),
    "unmerge": _("A merge was undone"),
    "resume": _("It had been paused"),
    "treat": _("It had been paused"),
}


class Promise(NamedTuple):
    """A day that was promised, since when, and why it was no longer the one before."""

    due_at: datetime
    since: datetime
    why: Words | str


def begin(element: Element, severity: int, *, at: datetime, paused_seconds: int = 0) -> Changes:
    """Return what is promised when the clock begins *at*: after the owner's notice, so many hours
    as the element's level has for that *severity*, and those that it was paused."""
    today = timezone.localdate(at)
    level = element.level_on(today)
    notice = end_of(today + timedelta(days=level.notice_days)) if level.notice_days else None
    clock = element.calendar_for(severity).clock
    seconds = level.hours_for(severity) * HOUR_S + paused_seconds
    return {
        "notice_until": notice,
        "clock_from": notice or at,
        "due_at": clock.due(notice or at, seconds),
        "paused_seconds": paused_seconds,
    }


def corrected(distortion: Distortion, *, element: Element, severity: int) -> Changes:
    """Return the promise as it would have been, had *element* and *severity* been known at first."""
    began = distortion.steps.filter(move__in=BEGINS).latest("pk").at
    return begin(element, severity, at=began, paused_seconds=distortion.paused_seconds)


def handed_to(team: Team, distortion: Distortion, *, at: datetime) -> datetime | None:
    """Return when it is due by the hours of *team*; a paused one is counted when it resumes."""
    due_at = distortion.due_at
    if due_at is None or team.calendar is None or distortion.paused_at:
        return due_at
    begins = max(at, distortion.clock_from or at)
    own = distortion.element.calendar_for(distortion.severity).clock
    left = own.elapsed(begins, due_at)
    return team.calendar.clock.due(begins, left) if left > 0 else due_at


def resumed(distortion: Distortion, *, at: datetime) -> Changes:
    """Return the end of a pause: what was left of the working time then is left from now on."""
    paused_at, due_at = distortion.paused_at, distortion.due_at
    if paused_at is None or due_at is None:
        return RUNNING
    clock = calendar_of(distortion).clock
    left = clock.elapsed(paused_at, due_at)
    return RUNNING | {
        "due_at": clock.due(at, left) if left > 0 else due_at,
        "paused_seconds": distortion.paused_seconds + clock.elapsed(paused_at, at),
    }


def calendar_of(distortion: Distortion) -> WorkingCalendar:
    """Return the calendar in which its time runs now: its team's own, else its element's."""
    own = distortion.team.calendar if distortion.team else None
    return own or distortion.element.calendar_for(distortion.severity)


def promises(distortion: Distortion) -> list[Promise]:
    """Return all that was ever promised for it, the first one first."""
    told: list[Promise] = []
    for step in steps_of(distortion):
        if step.due_at and (not told or told[-1].due_at != step.due_at):
            told.append(Promise(step.due_at, step.at, WHY.get(step.move, "") if told else ""))
    return told


def end_of(day: date) -> datetime:
    """Return the last second of *day* in Riyadh: what is done on that day is in time."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59))).astimezone(UTC)
