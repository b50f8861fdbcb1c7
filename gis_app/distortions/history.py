"""The life of a distortion in words: for the public without names, for staff with all that changed."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from gis_app.distortions.models import Distortion, Step
from gis_app.distortions.of_one import steps_of
from gis_app.distortions.status import PauseReason, words_for
from gis_app.distortions.steps import ASIDE, WORDS

# A reader's timeline tells what happened to the thing; corrections are the desk's own business.
PUBLIC_MOVES_HIDDEN = frozenset({*ASIDE, "correct", "split"})
# Aspects that a step has a column for before and after, and those told by the step before it.
BOTH_SIDES = ("status", "element", "district", "quantity")
ONE_SIDE = ("team", "due_at")


class Change(NamedTuple):
    """One aspect of a distortion that a step changed: rows, moments, numbers, or plain JSON."""

    aspect: str
    before: Any
    after: Any


def timeline(distortion: Distortion, *, staff: bool) -> list[dict[str, Any]]:
    """Return the steps, oldest first; names, notes and changes only where *staff* reads."""
    steps = steps_of(distortion)
    if not staff:
        return [_told(step, staff=False) for step in steps if step.move not in PUBLIC_MOVES_HIDDEN]
    return [
        _told(step, staff=True) | _in_full(step) | {"changes": list(changes)}
        for step, changes in _with_changes(steps)
    ]


def last_reason(distortion: Distortion) -> dict[str, str]:
    """Return why it was rejected, or to whom it was referred: what its reporter is told."""
    shown = [step for step in steps_of(distortion) if step.move not in PUBLIC_MOVES_HIDDEN]
    text = getattr(shown[-1], "text", None)
    return {"reason": text.reason if text else "", "body": text.body if text else ""}


def _with_changes(steps) -> Iterator[tuple[Step, Iterator[Change]]]:
    previous = None
    for step in steps:
        yield step, _changes(step, previous)
        previous = step


def _changes(step: Step, previous: Step | None) -> Iterator[Change]:
    """Tell what *step* changed; of the first step all is new."""
    pairs = [
        (name, getattr(step, f"from_{name}"), getattr(step, f"to_{name}")) for name in BOTH_SIDES
    ]
    pairs += [(name, getattr(previous, name, None), getattr(step, name)) for name in ONE_SIDE]
    pairs += [(name, before, after) for name, (before, after) in step.differences.items()]
    if step.into:
        pairs.append(("into", None, step.into))
    for aspect, before, after in pairs:
        if (before or None) != (after or None):
            yield Change(aspect, before, after)


def _told(step: Step, *, staff: bool) -> dict[str, Any]:
    return {
        "move": step.move,
        "at": step.at,
        "from_status": step.from_status,
        "to_status": step.to_status,
        "words": words_of(step, staff=staff),
        "due_at": step.due_at,
    }


def words_of(step: Step, *, staff: bool) -> str:
    """Return what happened by *step*, as its reader calls it."""
    said = WORDS.get(step.move) or ASIDE.get(step.move)
    if step.move == "pause":
        _before, reason = step.differences["pause_reason"]
        return f"{said}: {PauseReason(reason).label}"
    return str(said or words_for(step.to_status, staff=staff))


def _in_full(step: Step) -> dict[str, Any]:
    text = getattr(step, "text", None)
    return {
        "recorded_at": step.recorded_at,
        "by": step.by.get_full_name() or step.by.username if step.by else "",
        "team": str(step.team) if step.team else "",
        "cost": step.cost,
        "quantity": step.to_quantity,
        "reason": text.reason if text else "",
        "note": text.note if text else "",
        "body": text.body if text else "",
        "reference": text.reference if text else "",
    }
