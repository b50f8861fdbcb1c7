"""What waits on the desk: a queue, a page of its rows, and how much waits elsewhere."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from gis_app.catalogue.registers import elements_on
from gis_app.counting import counted
from gis_app.distortions.letters import undelivered
from gis_app.places.registers import districts_of
from gis_app.treatment.bulk import MOST_AT_ONCE
from gis_app.treatment.jobs import unfinished
from gis_app.treatment.monitoring import VISITORS, checks_of, visits_due
from gis_app.treatment.queries import tasks_of_teams
from gis_app.treatment.queues import ORDERS, QUEUES, after, queues_of, rows_of, waiting
from maps.asked import one_of
from maps.bulk import bulk_context
from maps.move_forms import Tasks

PAGE = 30  # rows of a queue shown at once
DANGEROUS = 4  # a severity that the queue says


class Waits(NamedTuple):
    """How many there are of all that waits for one person; and the tasks of every team."""

    queues: dict[str, int]
    follow_up: int
    jobs: int
    letters: int
    tasks: Tasks


def waits_for(user) -> Waits:
    """Count all that waits for *user*, in one query."""
    asked = {f"queue_{name}": rows_of(name, user) for name in queues_of(user)}
    asked |= {"visits": visits_due(user), "checks": checks_of(user)}
    asked |= {"jobs": unfinished(user), "letters": undelivered(user)}
    counts, by_key = counted(asked, grouped={"tasks": (tasks_of_teams(), "team")})
    return Waits(
        queues={name: counts[f"queue_{name}"] for name in queues_of(user)},
        follow_up=counts["visits"] + counts["checks"],
        jobs=counts["jobs"],
        letters=counts["letters"],
        tasks=by_key["tasks"],
    )


def queue_context(request: HttpRequest, waits: Waits) -> dict[str, Any]:
    """Return the queue that *request* asks for, a page of its rows, and the other queues' lengths."""
    params = request.GET.dict()
    last = params.pop("after", "")
    are_chosen = params.pop("chosen", "") == "all"
    length = MOST_AT_ONCE if are_chosen else PAGE
    order = one_of(ORDERS, name="order", value=params.pop("order", "severity"))
    mine = queues_of(request.user)
    name = one_of(QUEUES, name="queue", value=params.pop("queue", mine[0]))
    name = name if name in mine else mine[0]  # a colleague of another role sent the link
    rows = after(waiting(name, request.user, params, order=order), last, order=order)
    page = list(rows[: length + 1])
    kept = {"queue": name, "order": order, **{key: value for key, value in params.items() if value}}
    return {
        "queue": name,
        "queues": [(mine_, QUEUES[mine_].label, waits.queues[mine_]) for mine_ in mine],
        "order": order,
        "params": params,
        "rows": page[:length],
        "more": page[length - 1].number if len(page) > length else "",
        "are_chosen": are_chosen,
        "is_filtered": any(params.values()),
        "kept": urlencode(kept, safe=","),
        "elements": elements_on(timezone.localdate(), user=request.user),
        "district_names": districts_of(request.user),
        "dangerous": DANGEROUS,
        "follows_up": request.user.role in VISITORS,
        "follow_up_count": waits.follow_up,
        "jobs_left": waits.jobs,
        "undelivered_count": waits.letters,
        "is_staff_page": True,
        **bulk_context(request.user, name, waits.tasks),
    }
