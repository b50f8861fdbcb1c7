"""What follows a verification: visits by the catalogue, and a second check where the lot falls."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import SystemRandom
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from gis_app.accounts.models import User
from gis_app.distortions.models import Step
from gis_app.distortions.queries import scope_of
from gis_app.distortions.status import Status
from gis_app.treatment.follow_up import VisitQuerySet
from gis_app.treatment.models import SecondCheck, Visit
from gis_app.treatment.workflow import VERIFIERS, Role

Rows = TypeVar("Rows", bound=QuerySet)
VISITORS = {Role.INSPECTOR, *VERIFIERS}
_lots = SystemRandom()  # nobody can foretell what will be checked


def follow(step: Step) -> None:
    """Plan what follows a verification; let go of the visits when it is opened again."""
    if step.to_status == step.from_status:
        return
    if step.to_status == Status.VERIFIED:
        plan_visits(step)
        draw_second_check(step)
    elif step.from_status == Status.VERIFIED:
        step.distortion.visits.planned().update(dropped_at=timezone.now())


def plan_visits(verified: Step) -> list[Visit]:
    """Plan the visits that the catalogue asks for, in calendar days after the verification."""
    day = timezone.localdate(verified.at)
    return Visit.objects.bulk_create(
        Visit(
            distortion=verified.distortion, verified=verified, due_date=day + timedelta(days=days)
        )
        for days in sorted(set(verified.to_element.visit_days))
    )


def draw_second_check(verified: Step) -> SecondCheck | None:
    """Draw the verification for a second check, with the probability of the team that treated."""
    team = verified.team
    if team is None or not is_drawn(team.second_check_share, lot=_lots.random()):
        return None
    return SecondCheck.objects.create(
        verified=verified, distortion=verified.distortion, team=team, drawn_at=timezone.now()
    )


def is_drawn(share: Decimal, *, lot: float) -> bool:
    """Whether a *lot* of at least 0 and less than 1 falls into *share*: never at 0, always at 1."""
    return lot < share


def visits_of(user: User) -> VisitQuerySet:
    """Return the next visit to each distortion that *user* may make, the earliest first."""
    return _independent(Visit.objects.next_planned(), user, VISITORS).order_by("due_date", "pk")


def visits_due(user: User) -> VisitQuerySet:
    """Return those of the next visits that *user* may make whose day has come."""
    return visits_of(user).filter(due_date__lte=timezone.localdate())


def checks_of(user: User) -> QuerySet[SecondCheck]:
    """Return the second checks that wait for *user*, the earliest drawn first.

    One whose distortion was opened again before anybody came is no longer asked for.
    """
    waiting = SecondCheck.objects.filter(
        checked_at=None, verified__at=F("distortion__verified_at")
    ).exclude(verified__by=user)
    return _independent(waiting, user, VERIFIERS).order_by("drawn_at", "pk")


def with_follow_up(rows: QuerySet, user: User) -> QuerySet:
    """Annotate distortions with the key of the visit (`visit_waiting`) and of the second check
    (`check_waiting`) that wait for *user* there, and with their visits as plain JSON (`visits_told`).
    """
    here = {"distortion": OuterRef("pk")}
    told = JSONObject(**{name: name for name in ("pk", "due_date", "done_at", "found")})
    visits = Visit.objects.filter(**here, dropped_at=None).order_by("due_date")
    return rows.annotate(
        visit_waiting=Subquery(visits_of(user).soon().filter(**here).values("pk")[:1]),
        check_waiting=Subquery(checks_of(user).filter(**here).values("pk")[:1]),
        visits_told=ArraySubquery(visits.values(told=told)),
    )


def visits_to(distortion: Any) -> list[Visit]:
    """Return the visits to *distortion*, one of `with_follow_up`, that were not dropped."""
    return [
        Visit(
            distortion=distortion,
            pk=told["pk"],
            due_date=date.fromisoformat(told["due_date"]),
            done_at=told["done_at"] and datetime.fromisoformat(told["done_at"]),
            found=told["found"],
        )
        for told in distortion.visits_told
    ]


def _independent(rows: Rows, user: User, roles: set[Role]) -> Rows:
    """Those of *rows* in the scope of *user*, who must not have treated it, nor be of its team."""
    if user.role not in roles:
        return rows.none()
    treated = Step.objects.filter(distortion=OuterRef("distortion"), move="treat", by=user)
    rows = rows.filter(scope_of(user, "distortion__")).exclude(Exists(treated))
    return rows.exclude(distortion__team=user.team_id) if user.team_id else rows
