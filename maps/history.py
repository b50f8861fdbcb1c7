"""What the page of a case's history shows: each step with the aspects that it changed, in words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.gis.geos import GEOSGeometry
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from gis_app.distortions.history import Change, timeline
from gis_app.distortions.models import ContactLook, Distortion
from gis_app.distortions.status import Judgement, PauseReason, words_for
from gis_app.treatment.models import Visit
from gis_app.treatment.workflow import MOVES
from maps.templatetags.rasd import NOTHING, moment, num

ASPECTS = {
    "status": _("Status"),
    "element": _("Kind of distortion"),
    "district": _("District"),
    "quantity": _("Quantity"),
    "team": _("Team"),
    "due_at": _("Promised"),
    "severity": _("Severity"),
    "geometry": _("Place"),
    "pause_reason": _("Paused for"),
    "notice_until": _("Owner's notice until"),
    "clock_from": _("Clock runs from"),
    "reports_count": _("Reports"),
    "supporters_count": _("People"),
    "into": _("Other distortion"),
    "photo": _("Photo"),
    "words": _("Words"),
    "blurs": _("Blurred parts of the photo"),
    "job": _("Job"),
    "erased": _("Personal data erased"),
    "recurrence_of": _("Recurrence of"),
    "visit": _("Follow-up visit"),
    "second_check": _("Second check"),
}
RESULTS = {"confirmed": _("Confirmed"), "false": _("Falsely closed")}
# What another aspect of the same step tells already, or nobody reads.
UNTOLD = {"public_geometry", "paused_at", "paused_seconds", "treated_at", "verified_at"}


class Told(NamedTuple):
    """One line of the difference: what it was, what it is."""

    aspect: str
    before: Any
    after: Any


def history_context(distortion: Distortion, *, user) -> dict[str, Any]:
    """Return the entries of *distortion*, newest first: its steps, and who looked at contacts."""
    entries = [_entry(step) for step in timeline(distortion, staff=True)]
    looks = ContactLook.objects.shown_to(user).about(distortion)
    entries += [_look(look) for look in looks.select_related("by", "report")]
    return {
        "distortion": distortion,
        "entries": sorted(entries, key=lambda entry: entry["recorded_at"], reverse=True),
        "is_staff_page": True,
    }


def _entry(step: dict[str, Any]) -> dict[str, Any]:
    move = MOVES.get(step["move"])
    told = [_told(change) for change in step["changes"] if change.aspect not in UNTOLD]
    return step | {"label": move.label if move else step["words"], "told": told}


def _look(look: ContactLook) -> dict[str, Any]:
    return {
        "at": look.at,
        "recorded_at": look.at,
        "by": look.by.get_full_name() or look.by.username,
        "label": _("Looked at the contact"),
        "note": look.report.number,
        "told": [],
    }


def _told(change: Change) -> Told:
    aspect, _colon, which = change.aspect.partition(":")  # photo:12 is the photo of that key
    say = SAID.get(aspect, _as_it_is)
    label = f"{ASPECTS.get(aspect, aspect)} {which}".strip()
    return Told(label, *(NOTHING if not value else say(value) for value in change[1:]))


def _as_it_is(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    return num(value) if isinstance(value, int | float) else value


def _moment(value: datetime | str) -> Any:
    found = parse_datetime(value) if isinstance(value, str) else value
    return moment(found) if found else value


def _place(wkt: str) -> Any:
    middle = GEOSGeometry(wkt).centroid
    return format_html('<bdi dir="ltr">{}</bdi>', f"{middle.y:.6f}, {middle.x:.6f}")


SAID: dict[str, Callable[[Any], Any]] = {
    "status": lambda value: words_for(value, staff=True),
    "pause_reason": lambda value: PauseReason(value).label,
    "photo": lambda value: Judgement(value).label,
    "words": lambda value: Judgement(value).label,
    "blurs": lambda value: num(len(value)),
    "geometry": _place,
    "due_at": _moment,
    "notice_until": _moment,
    "clock_from": _moment,
    "visit": lambda value: dict(Visit.Found.choices).get(value, value),  # the day, what was found
    "second_check": lambda value: RESULTS[value],
}
