"""The life of a distortion in words: for the public without names, for staff with them."""

from typing import Any

from gis_app.distortions.models import Distortion
from gis_app.distortions.status import words_for
from gis_app.distortions.steps import ASIDE

# A reader's timeline tells what happened to the thing; corrections are the desk's own business.
PUBLIC_MOVES_HIDDEN = frozenset({*ASIDE, "correct"})


def timeline(distortion: Distortion, *, staff: bool) -> list[dict[str, Any]]:
    """Return the steps, oldest first; names, notes and corrections only where *staff* reads."""
    steps = distortion.steps.select_related("text", "team", "by")
    return [
        _told(step, staff=staff) for step in steps if staff or step.move not in PUBLIC_MOVES_HIDDEN
    ]


def _told(step, *, staff: bool) -> dict[str, Any]:
    text = getattr(step, "text", None)
    told = {
        "move": step.move,
        "at": step.at,
        "from_status": step.from_status,
        "to_status": step.to_status,
        "words": words_for(step.to_status, staff=staff),
        "due_at": step.due_at,
    }
    if not staff:
        return told
    return told | {
        "by": step.by.get_full_name() or step.by.username if step.by else "",
        "team": str(step.team) if step.team else "",
        "cost": step.cost,
        "quantity": step.to_quantity,
        "reason": text.reason if text else "",
        "note": text.note if text else "",
        "body": text.body if text else "",
        "reference": text.reference if text else "",
    }


def last_reason(distortion: Distortion) -> dict[str, str]:
    """Return why it was rejected, or to whom it was referred: what its reporter is told."""
    steps = distortion.steps.exclude(move__in=PUBLIC_MOVES_HIDDEN)
    step = steps.select_related("text").latest("pk")
    text = getattr(step, "text", None)
    return {"reason": text.reason if text else "", "body": text.body if text else ""}
