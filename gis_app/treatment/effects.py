"""What a move changes on the distortion, besides leaving a step."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from gis_app.distortions import checks
from gis_app.distortions.gathering import gather, give_back
from gis_app.distortions.models import Distortion
from gis_app.distortions.parting import part
from gis_app.distortions.record import public_place
from gis_app.distortions.recurrence import recurring_at
from gis_app.distortions.status import OPEN, UNDER_WAY, PauseReason, Status
from gis_app.errors import Refused
from gis_app.geo import shape
from gis_app.places.models import District
from gis_app.treatment import promise
from gis_app.treatment.models import SecondCheck, Team
from gis_app.treatment.workflow import MOVES, SEVERITIES

Changes = dict[str, Any]
LONGEST_PROMISE = timedelta(days=366)


def of(name: str, distortion: Distortion, asked, *, at: datetime, by) -> Changes:
    """Return the fields that the move *name* sets; `other` is the distortion that its step names."""
    effect = EFFECTS.get(name)
    end = MOVES[name].end
    changes: Changes = {"status": end} if end else {}
    if distortion.paused_at and end and end not in OPEN:  # it no longer waits for anything
        changes |= promise.resumed(distortion, at=at)
    changes |= effect(distortion, asked, at, by) if effect else {}
    if distortion.job_id and changes.get("team", distortion.team) != distortion.team:
        changes["job"] = None  # the job is its team's
    return changes


def _begun(distortion: Distortion, at: datetime) -> Changes:
    return promise.begin(distortion.element, distortion.severity, at=at)


def _accept(distortion, asked, at, by) -> Changes:
    """What was promised before a team gave it back stays promised."""
    return {"team": None} | ({} if distortion.due_at else _begun(distortion, at))


def _assign(distortion, asked, at, by) -> Changes:
    team = Team.objects.filter(
        code=asked.team, is_active=True, amana=distortion.district.amana_id
    ).first()
    if team is None:
        raise Refused(fields={"team": [_("This team is not known.")]})
    if not asked.due_date:
        return {"team": team, "due_at": promise.handed_to(team, distortion, at=at)}
    due = promise.end_of(asked.due_date)
    if due < at:
        raise Refused(fields={"due_date": [_("This day has passed.")]})
    if due > at + LONGEST_PROMISE:
        raise Refused(fields={"due_date": [_("This day is more than a year away.")]})
    return {"team": team, "due_at": due}


def _start(distortion, asked, at, by) -> Changes:
    """Before its owner's time is over nobody else begins; what the owner did is recorded."""
    if distortion.notice_until and at < distortion.notice_until:
        raise Refused(
            _("The owner has time until the end of %(day)s: nobody else begins before.")
            % {"day": date_format(timezone.localdate(distortion.notice_until))}
        )
    return {}


def _pause(distortion, asked, at, by) -> Changes:
    if asked.pause_reason not in PauseReason.values:
        raise Refused(fields={"pause_reason": [_("This reason is not known.")]})
    return {"paused_at": at, "pause_reason": asked.pause_reason}


def _resume(distortion, asked, at, by) -> Changes:
    return promise.resumed(distortion, at=at)


def _treat(distortion, asked, at, by) -> Changes:
    return {"treated_at": at, "treated_quantity": asked.quantity}


def _verify(distortion, asked, at, by) -> Changes:
    return {"verified_at": at}


def _send_back(distortion, asked, at, by) -> Changes:
    return {"treated_at": None}


def _reopen(distortion, asked, at, by) -> Changes:
    days = distortion.element.level_on(timezone.localdate(at)).reopen_days
    closed_at = distortion.verified_at
    is_late = closed_at and at > closed_at + timedelta(days=days)
    if is_late and not _was_falsely_closed(distortion, closed_at):
        raise Refused(
            _("It was closed more than %(days)d days ago: send a new report.") % {"days": days}
        )
    return {
        "treated_at": None,
        "verified_at": None,
        "team": None,
        **_begun(distortion, at),
    }


def _was_falsely_closed(distortion: Distortion, closed_at: datetime) -> bool:
    """Whether the second check of its verification at *closed_at* found it untreated."""
    false = SecondCheck.objects.filter(distortion=distortion, is_confirmed=False)
    return false.filter(verified__at=closed_at).exists()


def _refer(distortion, asked, at, by) -> Changes:
    return {"team": None} | promise.NONE


def _merge(distortion, asked, at, by) -> Changes:
    rows = Distortion.objects.in_scope_of(by).filter(status__in=UNDER_WAY)
    survivor = rows.filter(number=asked.into).exclude(pk=distortion.pk).first()
    if survivor is None:
        raise Refused(fields={"into": [_("Give the number of another distortion that is open.")]})
    return {
        "merged_into": survivor,
        "other": survivor,
        "team": None,
        **promise.NONE,
        **gather(distortion, into=survivor, by=by, at=at),
    }


def _unmerge(distortion, asked, at, by) -> Changes:
    if distortion.merged_into.status == Status.MERGED:
        raise Refused(_("What it was merged into was merged as well: undo that first."))
    before = distortion.steps.filter(move="merge").latest("pk")
    open_again = before.from_status != Status.REPORTED
    return {
        # A team that had it has gone on to other work: what was assigned is assigned anew.
        "status": Status.ACCEPTED if open_again else Status.REPORTED,
        "merged_into": None,
        **(_begun(distortion, at) if open_again else {}),
        **give_back(distortion, survivor=distortion.merged_into, by=by, at=at),
    }


def _split(distortion, asked, at, by) -> Changes:
    second = part(
        distortion,
        element=checks.element(asked.element, at=at),
        place=asked.geometry,
        quantity=asked.quantity,
        description=asked.description,
        report=asked.report,
        copies=asked.copies,
        by=by,
        at=at,
    )
    return {"other": second}


def _correct(distortion, asked, at, by) -> Changes:
    """Another element, severity, place, district or quantity: at least one of them."""
    changes: Changes = {}
    if asked.element:
        changes["element"] = checks.element(asked.element, at=at)
    element = changes.get("element", distortion.element)
    severity = _severity(distortion, asked, at)
    if severity != distortion.severity:
        changes["severity"] = severity
    if changes and distortion.status in OPEN:
        changes |= promise.corrected(distortion, element=element, severity=severity)
    if asked.geometry:
        changes |= _moved_to(distortion, shape.plain(asked.geometry, kinds=element.geometries))
    else:
        shape.plain(distortion.geometry, kinds=element.geometries)
    if asked.district:
        changes["district"] = _district(asked.district, distortion)
    treated = distortion.treated_quantity is not None
    if asked.quantity is not None:
        changes["treated_quantity" if treated else "reported_quantity"] = asked.quantity
    elif element.unit != distortion.element.unit and (treated or distortion.reported_quantity):
        told = _("It is now measured in %(unit)s: give the quantity.")
        raise Refused(fields={"quantity": [told % {"unit": element.get_unit_display()}]})
    if not changes:
        raise Refused(
            _("Say what is corrected: the element, severity, place, district or quantity.")
        )
    return changes | _following(distortion, changes)


def _following(distortion: Distortion, changes: Changes) -> Changes:
    """Return what another element or place brings along: what the public may know, what came back."""
    if not changes.keys() & {"element", "geometry"}:
        return {}
    element = changes.get("element", distortion.element)
    is_private = element.is_private if "element" in changes else distortion.is_private
    place = changes.get("geometry", distortion.geometry)
    return {
        "is_private": is_private,
        "public_geometry": public_place(place, is_private=is_private),
        "recurrence_of": recurring_at(place, element=element, at=distortion.first_reported_at),
    }


def _severity(distortion: Distortion, asked, at: datetime) -> int:
    """Return the severity that is asked for; another element brings its own."""
    if asked.severity is None:
        if asked.element in ("", distortion.element.code):
            return distortion.severity
        return checks.element(asked.element, at=at).level_on(timezone.localdate(at)).severity
    if asked.severity not in SEVERITIES:
        raise Refused(fields={"severity": [_("Give a severity from 1 to 4.")]})
    return asked.severity


def _moved_to(distortion: Distortion, place) -> Changes:
    district = District.objects.containing(place)
    if district is None:
        raise Refused(fields={"geometry": [_("This place is outside the city.")]})
    return {"geometry": place, "district": district}


def _district(code: str, distortion: Distortion) -> District:
    found = District.objects.filter(code=code, amana=distortion.district.amana_id).first()
    if found is None:
        raise Refused(fields={"district": [_("This district is not known.")]})
    return found


EFFECTS: dict[str, Callable[..., Changes]] = {
    "accept": _accept,
    "return": _accept,
    "give_back": _accept,
    "assign": _assign,
    "start": _start,
    "pause": _pause,
    "resume": _resume,
    "treat": _treat,
    "verify": _verify,
    "send_back": _send_back,
    "reopen": _reopen,
    "refer": _refer,
    "merge": _merge,
    "unmerge": _unmerge,
    "split": _split,
    "correct": _correct,
}
