"""What a queue offers for several of its rows at once."""

from typing import Any
from uuid import uuid4

from gis_app.treatment.bulk import MOST_AT_ONCE
from gis_app.treatment.queries import teams_of
from gis_app.treatment.workflow import MOVES
from maps.move_forms import Tasks

BY_QUEUE = {"triage": "accept", "assign": "assign"}  # what is done there with several


def bulk_context(user, queue: str, tasks: Tasks) -> dict[str, Any]:
    """Return the move that *user* can make with several rows of *queue*, and what it asks for."""
    told: dict[str, Any] = {"most_chosen": MOST_AT_ONCE}
    name = BY_QUEUE.get(queue, "")
    if name and user.role in MOVES[name].by:
        told |= {"bulk": MOVES[name], "deed": name, "bulk_id": uuid4()}
        told |= {"teams": [(team, tasks.get(team.pk, 0)) for team in teams_of(user)]}
    return told
