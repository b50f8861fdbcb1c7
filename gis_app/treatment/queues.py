"""What waits on the desk, and for whom: each role's own queue first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import User
from gis_app.distortions.filters import PlacedFilter
from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.distortions.queries import CLEARERS, LATE
from gis_app.distortions.status import PUBLIC, Status
from gis_app.treatment.referral import with_referral
from gis_app.treatment.reminding import due_soon
from gis_app.treatment.workflow import ADMIN, Role

WATCHERS = {Role.INSPECTOR, Role.PLANNER}  # they look, and seldom move anything
STAFF = set(Role) - {Role.RESIDENT}


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Distortions that wait for the same deed."""

    label: Promise
    waits: Q | Callable[[], Q]
    by: set[Role]


def _in(*statuses: Status) -> Q:
    return Q(status__in=statuses)


def _due_soon() -> Q:
    return Q(pk__in=due_soon().values("pk"))


# A photo or words that nobody on the desk has looked at yet.
UNCLEARED = Q(
    pk__in=Photo.objects.uncleared()
    .values("distortion")
    .union(Report.objects.with_uncleared_text().values("distortion"))
)
QUEUES = {
    "triage": Queue(label=_("Triage"), waits=_in(Status.REPORTED), by={Role.TRIAGE, ADMIN}),
    "assign": Queue(
        label=_("To assign"),
        waits=_in(Status.ACCEPTED, Status.REOPENED),
        by={Role.TRIAGE, ADMIN},
    ),
    "verify": Queue(label=_("To verify"), waits=_in(Status.TREATED), by={Role.VERIFIER, ADMIN}),
    "work": Queue(
        label=_("Work"),
        waits=_in(Status.ASSIGNED, Status.IN_PROGRESS),
        by={Role.CREW, *WATCHERS, ADMIN},
    ),
    "soon": Queue(label=_("Due soon"), waits=_due_soon, by=STAFF),
    "late": Queue(label=_("Late"), waits=LATE, by=STAFF),
    "referred": Queue(label=_("Referred"), waits=_in(Status.REFERRED), by={Role.TRIAGE, ADMIN}),
    "clear": Queue(label=_("To clear"), waits=_in(*PUBLIC) & UNCLEARED, by=CLEARERS),
}
# The most dangerous first, then the oldest; or the oldest alone. A number settles what is equal.
ORDERS = {
    "severity": ("-severity", "first_reported_at", "number"),
    "oldest": ("first_reported_at", "number"),
}


def queues_of(user: User) -> list[str]:
    """Name the queues that *user* works on, her own first."""
    return [name for name, queue in QUEUES.items() if user.role in queue.by]


def waiting(name: str, user: User, params: Mapping[str, str], *, order: str) -> QuerySet:
    """Return the rows of the queue *name* in the scope of *user*, described, in that *order*.

    *params*: element, district … as in every list (codes by comma); another one is Unreadable.
    """
    rows: Any = PlacedFilter(params, queryset=rows_of(name, user), user=user).qs
    rows = with_referral(rows) if name == "referred" else rows
    rows = rows.with_flagged() if name == "verify" else rows
    return rows.described().order_by(*ORDERS[order])


def after(rows: QuerySet, number: str, *, order: str) -> QuerySet:
    """Return those of *rows* that come after the distortion *number*; all where it is empty."""
    if not number:
        return rows
    last = Distortion.objects.filter(number=number)
    columns = [
        (column.removeprefix("-"), "lt" if column.startswith("-") else "gt")
        for column in ORDERS[order]
    ]
    beyond, equal = Q(), Q()
    for name, side in columns:
        value = Subquery(last.values(name))
        beyond |= equal & Q(**{f"{name}__{side}": value})
        equal &= Q(**{name: value})
    name, side = columns[0]  # once more, so that an index can begin in the right place
    return rows.filter(beyond, **{f"{name}__{side}e": Subquery(last.values(name))})


def rows_of(name: str, user: User) -> QuerySet:
    """Return what waits in the queue *name* in the scope of *user*."""
    waits = QUEUES[name].waits
    return Distortion.objects.in_scope_of(user).filter(waits() if callable(waits) else waits)
