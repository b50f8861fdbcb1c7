"""The same move for many distortions at once: each is made or refused by itself."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_app.distortions.models import Distortion, Step
from gis_app.errors import Refused
from gis_app.treatment.actions import make_move

MOST_AT_ONCE = 200


class Outcome(NamedTuple):
    """What became of one of them: its step, or why it was refused."""

    number: str
    step: Step | None
    refusal: Refused | None


@transaction.atomic
def move_many(name: str, *, numbers: Sequence[str], id: UUID, by, **asked: Any) -> list[Outcome]:
    """Make the move *name* on each of *numbers*, and return what became of them in that order.

    Sent twice with the same *id* it is harmless: what was made is told again.
    """
    numbers = checked(numbers)
    lock(numbers)
    outcomes = []
    for number in numbers:
        try:
            with transaction.atomic():
                step, _is_new = make_move(name, number=number, id=uuid5(id, number), by=by, **asked)
            outcomes.append(Outcome(number, step, None))
        except Refused as refusal:
            outcomes.append(Outcome(number, None, refusal))
    return outcomes


def checked(numbers: Iterable[str], *, most: int = MOST_AT_ONCE) -> list[str]:
    """Return each of *numbers* once; Refused when there is none, or more than *most*."""
    once = list(dict.fromkeys(numbers))
    if not once:
        raise Refused(fields={"numbers": [_("Choose at least one.")]})
    if len(once) > most:
        raise Refused(fields={"numbers": [_("At most %(most)d at once.") % {"most": most}]})
    return once


def lock(numbers: Sequence[str]) -> list[Distortion]:
    """Lock them all, always in the same order, so that two people at once never wait in a ring."""
    rows = Distortion.objects.filter(number__in=numbers).order_by("pk")
    return list(rows.select_for_update(no_key=True))
