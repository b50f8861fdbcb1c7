"""What the desk needs beside a case: the teams it can go to, and what lies around it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis_app.distortions.models import Distortion
from gis_app.distortions.status import UNDER_WAY, Status
from gis_app.places.registers import districts_of
from gis_app.registers.kept import Kept
from gis_app.treatment.models import Team

AROUND_METRES, AROUND_DAYS, MOST_NEIGHBOURS = 100, 90, 12
AT_WORK = (Status.ASSIGNED, Status.IN_PROGRESS)


def with_tasks(teams: QuerySet[Team]) -> QuerySet[Team]:
    """Annotate each of *teams* with its load: the number of `tasks` that it has not treated yet."""
    at_work = Distortion.objects.filter(team=OuterRef("pk"), status__in=AT_WORK)
    tasks = at_work.order_by().values("team").annotate(tasks=Count("*")).values("tasks")
    return teams.annotate(tasks=Coalesce(Subquery(tasks), 0))


class Offered(NamedTuple):
    """A team that a distortion can be assigned to, and what speaks for it."""

    team: Team
    treats_it: bool
    works_there: bool


@Kept
def _teams() -> list[tuple[Team, set[int], set[int]]]:
    """The teams in service by code, with the elements and districts that they take; none: all."""
    rows = Team.objects.filter(is_active=True).order_by("code")
    return [
        (team, {row.pk for row in team.elements.all()}, {row.pk for row in team.districts.all()})
        for team in rows.prefetch_related("elements", "districts")
    ]


def teams_of(user) -> list[Team]:
    """Return the teams in service where *user* works."""
    amanas = {district.amana for district in districts_of(user)}
    return [team for team, _elements, _districts in _teams() if team.amana_id in amanas]


def teams_for(distortion: Distortion) -> list[Offered]:
    """Return the teams that it can be assigned to, those that fit first: see `misfit`."""
    element, district = distortion.element_id, distortion.district_id
    found = [
        Offered(team, not elements or element in elements, not districts or district in districts)
        for team, elements, districts in _teams()
        if team.amana_id == distortion.district.amana_id
    ]
    return sorted(found, key=lambda row: (not row.treats_it, not row.works_there))


def tasks_of_teams() -> QuerySet[Distortion]:
    """Return what the teams have not treated yet: the load of each."""
    return Distortion.objects.filter(team__isnull=False, status__in=AT_WORK).order_by("pk")


def misfit(row: Any) -> Promise | None:
    """Say why one of `teams_for`, or the team of one of `misplaced`, does not fit.

    The desk may choose it all the same.
    """
    if not row.treats_it:
        return _("does not treat this kind")
    if not row.works_there:
        return _("does not work in this district")
    return None


def misplaced(numbers: Iterable[str]) -> QuerySet[Distortion]:
    """Return those of *numbers* whose team does not fit: see `misfit`."""
    rows = Distortion.objects.filter(number__in=numbers, team__isnull=False).annotate(
        treats_it=_takes(Team.elements.through, team="team", element=OuterRef("element")),
        works_there=_takes(Team.districts.through, team="team", district=OuterRef("district")),
    )
    return rows.exclude(treats_it=True, works_there=True)


def _takes(chosen: Any, *, team: str = "pk", **wanted: Any) -> Q:
    """Whether *wanted* is among what a team has *chosen*, or it has chosen nothing: all of them."""
    rows = chosen.objects.filter(team=OuterRef(team))
    return ~Exists(rows) | Exists(rows.filter(**wanted))


def neighbours(distortion: Distortion, user) -> QuerySet[Distortion]:
    """Return what *user* may see around it, the nearest first: under way, or reported not long
    before it; with `distance`.
    """
    recent = distortion.first_reported_at - timedelta(days=AROUND_DAYS)
    return (
        Distortion.objects.visible_to(user)
        .described()
        .within(AROUND_METRES, of=distortion.geometry)
        .exclude(pk=distortion.pk)
        .exclude(status=Status.MERGED)
        .filter(Q(status__in=UNDER_WAY) | Q(first_reported_at__gte=recent))
        .nearest(MOST_NEIGHBOURS, of=distortion.geometry)
    )
