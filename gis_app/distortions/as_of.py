"""Distortions as they were at the end of a past day, told by the last step until then.

What no step keeps (place, severity, number of reports) is told as it is now.
"""

from datetime import date, datetime, time, timedelta
from typing import cast

from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.lookups import Exact
from django.db.models.sql.constants import INNER
from django.db.models.sql.datastructures import Join

from gis_app.distortions.status import OPEN, Status
from gis_app.distortions.steps import WENT_OVER, Step
from gis_app.geo.filters import RIYADH
from gis_app.language import named


def end_of(day: date) -> datetime:
    """Return the moment at which *day* is over in Riyadh."""
    return datetime.combine(day + timedelta(days=1), time(), RIYADH)


class LastStep(Join):
    """The join of a distortion with its last step until `day`, instead of with all its steps.

    Django has no LATERAL; without it PostgreSQL reads every step there is before it sorts.
    """

    SQL = """
        INNER JOIN LATERAL (
            SELECT * FROM {table} AS step
            WHERE step.distortion_id = {distortion}.id AND step.day <= %s
            ORDER BY step.id DESC LIMIT 1
        ) AS {alias} ON true
    """
    day: date

    @classmethod
    def instead_of(cls, steps: Join, day: date) -> "LastStep":
        last = cls(
            steps.table_name, steps.parent_alias, steps.table_alias, INNER, steps.join_field, False
        )
        last.day = day
        return last

    def as_sql(self, compiler, connection):
        table, distortion, alias = map(
            compiler.quote_name_unless_alias,
            (self.table_name, self.parent_alias, self.table_alias),
        )
        return self.SQL.format(table=table, distortion=distortion, alias=alias), [self.day]

    def relabeled_clone(self, change_map):
        return self.instead_of(super().relabeled_clone(change_map), self.day)

    @property
    def identity(self):
        return (Join, *super().identity[1:])  # so that every F("steps__…") finds this one


def as_they_were(rows: QuerySet, day: date) -> QuerySet:
    """Return those of *rows* (`described`) that were known at the end of *day*, as they were then."""
    # The first filter lets the index of the newest begin in the right place.
    known = _joined(rows.filter(first_reported_at__lt=end_of(day)), day)
    until_then = Step.objects.filter(distortion=OuterRef("pk"), day__lte=day)
    last = until_then.order_by("-pk")
    return known.annotate(
        shown_status=F("steps__to_status"),
        shown_district=F("steps__to_district"),
        shown_element=F("steps__to_element"),
        shown_team=F("steps__team"),
        shown_quantity=F("steps__to_quantity"),
        shown_due_at=F("steps__due_at"),
        shown_treated_at=_moment_of("treat", last, (Status.TREATED, Status.VERIFIED)),
        shown_verified_at=_moment_of("verify", last, (Status.VERIFIED,)),
        late=_yes(Q(steps__late_at__lt=end_of(day))),
        paused=_is_paused(last),
        element_code=F("steps__to_element__code"),
        element_name=named("steps__to_element__name"),
        element_title=named("steps__to_element__title"),
        unit=F("steps__to_element__unit"),
        district_code=F("steps__to_district__code"),
        district_name=named("steps__to_district__name"),
        team_code=F("steps__team__code"),
        team_name=named("steps__team__name"),
    )


def ever_since(day: date, **keys: QuerySet) -> Q:
    """What can have had one of *keys* (of `district`, of `element`) on *day*: it has one now, or it
    went over to another since.

    Indexes know both: so a day is not looked up of what cannot have been there.
    """
    steps = Step.objects.filter(WENT_OVER, day__gt=day)
    found = Q()
    for name, rows in keys.items():
        left = steps.filter(**{f"from_{name}__in": rows}).values("distortion")
        found &= Q(**{f"{name}__in": rows}) | Q(pk__in=left)
    return found


def _joined(rows: QuerySet, day: date) -> QuerySet:
    """Join *rows* with the one step that "steps__" means from here on."""
    query = rows.query
    *_, alias = query.setup_joins(["steps"], query.get_meta(), query.get_initial_alias()).joins
    query.alias_map[alias] = LastStep.instead_of(cast(Join, query.alias_map[alias]), day)
    return rows


def _moment_of(move: str, last: QuerySet, statuses: tuple[Status, ...]) -> Case:
    """When it was moved so for the last time, if it was still in one of *statuses*."""
    at = last.filter(move=move).values("at")[:1]
    return Case(When(steps__to_status__in=statuses, then=Subquery(at)))


def _is_paused(last: QuerySet) -> Case:
    """Whether the last word was to pause: it ends by another, or when nothing is left to wait for."""
    words = last.filter(Q(move__in=("pause", "resume")) | ~Q(to_status__in=OPEN))
    return _yes(Exact(Subquery(words.values("move")[:1]), Value("pause")))


def _yes(condition: Q | Exact) -> Case:
    return Case(When(condition, then=True), default=False, output_field=BooleanField())
