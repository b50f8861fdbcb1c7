"""Reminders before a promise ends, and escalation after it: one letter to each person at a time."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from gis_app.accounts.models import User
from gis_app.catalogue.models import DANGEROUS
from gis_app.catalogue.registers import calendars
from gis_app.distortions.models import Distortion
from gis_app.distortions.queries import LATE, scope_of
from gis_app.distortions.status import OPEN
from gis_app.messages.actions import Letter, send_all
from gis_app.messages.models import Channel
from gis_app.treatment.due import Reminder
from gis_app.treatment.promise import HOUR_S
from gis_app.treatment.workflow import Role

AT_ONCE = 500  # distortions that one look at the clock tells of
FRESH = timedelta(days=2)  # what has been late for longer stands in everybody's queue
DESK, CHIEFS = (Role.TRIAGE,), (Role.TRIAGE, Role.ADMIN)


def due_soon(now: datetime | None = None) -> QuerySet[Distortion]:
    """Return what falls due within so many working hours as its calendar reminds before."""
    now = now or timezone.now()
    soon = Q(pk__in=[])
    for calendar in calendars():
        if calendar.hours.all():
            until = calendar.clock.due(now, calendar.remind_hours * HOUR_S)
            soon |= Q(runs_in=calendar.pk, due_at__lte=until)
    danger = Case(When(severity=DANGEROUS, then=F("element__danger_calendar")))
    runs_in = Coalesce(F("team__calendar"), danger, F("element__calendar"))
    rows = Distortion.objects.filter(status__in=OPEN, paused_at=None, due_at__gt=now)
    return rows.annotate(runs_in=runs_in).filter(soon)


def remind(now: datetime | None = None) -> int:
    """Tell each team, or the desk where nobody can be told, what is due soon; return how many."""
    return _tell(Reminder.Kind.DUE_SOON, due_soon(now))


def escalate(now: datetime | None = None) -> int:
    """Tell the desk and its administrators what has become late; return how many."""
    now = now or timezone.now()
    rows = Distortion.objects.filter(LATE, due_at__gt=now - FRESH, due_at__lte=now)
    return _tell(Reminder.Kind.ESCALATED, rows)


@transaction.atomic
def _tell(kind: Reminder.Kind, rows: QuerySet[Distortion]) -> int:
    told = Reminder.objects.filter(distortion=OuterRef("pk"), kind=kind, due_at=OuterRef("due_at"))
    rows = rows.exclude(Exists(told)).select_related("element", "district")
    chosen = list(rows.order_by("due_at", "pk")[:AT_ONCE])
    reminders = [
        Reminder(distortion=row, kind=kind, due_at=row.due_at) for row in chosen if row.due_at
    ]
    Reminder.objects.bulk_create(reminders, ignore_conflicts=True)
    send_all([_letter(kind, person, theirs) for person, theirs in _readers(kind, chosen)])
    return len(chosen)


def _readers(kind: Reminder.Kind, rows: list[Distortion]) -> Iterable[tuple[User, list]]:
    """Return who is told, and of which of *rows*: her team's, or those of her scope."""
    people = User.objects.filter(is_active=True, is_by_link=False).exclude(email="")
    crews = defaultdict(list)
    if kind == Reminder.Kind.DUE_SOON:
        for person in people.filter(role=Role.CREW, team__in={row.team_id for row in rows}):
            crews[person.team_id].append(person)
    for team, crew in crews.items():
        theirs = [row for row in rows if row.team_id == team]
        yield from ((person, theirs) for person in crew)
    rest = [row for row in rows if row.team_id not in crews]
    desk = people.filter(role__in=CHIEFS if kind == Reminder.Kind.ESCALATED else DESK)
    for person in desk if rest else ():
        scope = Distortion.objects.filter(scope_of(person), pk__in=[row.pk for row in rest])
        keys = set(scope.values_list("pk", flat=True))
        theirs = [row for row in rest if row.pk in keys]
        if theirs:
            yield person, theirs


def _letter(kind: Reminder.Kind, person: User, rows: list[Distortion]) -> Letter:
    queue = "soon" if kind == Reminder.Kind.DUE_SOON else "late"
    lines = [f"{row.number} · {row.element.title_ar} · {row.district.name_ar}" for row in rows]
    return Letter(
        kind=kind,
        channel=Channel.EMAIL,
        to=person.email,
        language="ar",
        context={
            "count": str(len(rows)),
            "list": "\n".join(lines),
            "address": f"{settings.SITE_URL}{reverse('maps:desk')}?queue={queue}",
        },
        key=f"{kind}:{person.pk}:{rows[-1].number}:{rows[-1].due_at:%Y-%m-%dT%H:%M:%S}",
    )
