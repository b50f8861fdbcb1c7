"""What the desk needs beside a case: the teams it can go to, and what lies around it."""

from datetime import timedelta

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When

from gis_app.distortions.models import Distortion
from gis_app.distortions.status import UNDER_WAY, Status
from gis_app.treatment.models import Team

AROUND_METRES, AROUND_DAYS, MOST_NEIGHBOURS = 100, 90, 12
SAME_METRES = 50  # of the same element and as near as this: perhaps the same thing


def teams_for(distortion: Distortion) -> QuerySet[Team]:
    """Return the teams that it can be assigned to, with the number of their `tasks`."""
    at_work = Q(distortion__status__in=(Status.ASSIGNED, Status.IN_PROGRESS))
    teams = Team.objects.filter(is_active=True, amana=distortion.district.amana_id)
    return teams.annotate(tasks=Count("distortion", filter=at_work)).order_by("code")


def neighbours(distortion: Distortion, user) -> QuerySet[Distortion]:
    """Return what *user* may see around it, the nearest first: under way, or reported not long
    before it; with `distance` and `is_likely_same`.
    """
    recent = distortion.first_reported_at - timedelta(days=AROUND_DAYS)
    same = When(
        element=distortion.element_id,
        status__in=UNDER_WAY,
        distance__lte=SAME_METRES,
        then=Value(True),
    )
    return (
        Distortion.objects.visible_to(user)
        .described()
        .within(AROUND_METRES, of=distortion.geometry)
        .exclude(pk=distortion.pk)
        .exclude(status=Status.MERGED)
        .filter(Q(status__in=UNDER_WAY) | Q(first_reported_at__gte=recent))
        .annotate(is_likely_same=Case(same, default=Value(False), output_field=BooleanField()))
    )[:MOST_NEIGHBOURS]
