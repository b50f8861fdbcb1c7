"""What happened, as rows: the moves in the lives of distortions, as far as their reader may know."""

from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When

from gis_app.distortions.events import EVENTS
from gis_app.distortions.models import Step
from gis_app.distortions.queries import scope_of, seen_by, sees_everything
from gis_app.distortions.status import PUBLIC
from gis_app.distortions.steps import ASIDE
from gis_app.language import named

BESIDE = [move for move in ASIDE if move != "recur"]  # that something came back is counted
OF_THE_DESK = ("correct", "split")  # its own business, as in the timeline


def happenings(user) -> QuerySet[Step]:
    """Return the moves that *user* may know of, with `shape` and what a list shows of each.

    Of what is public anybody sees the moves to public statuses; where it came from a hidden one,
    `shown_from` is null. Who works on it sees all its moves.
    """
    return _described(_visible_to(user, Step.objects.exclude(move__in=BESIDE)))


def _visible_to(user, life: QuerySet[Step]) -> QuerySet[Step]:
    if sees_everything(user):
        return life.annotate(shape=F("distortion__geometry"), shown_from=F("from_status"))
    works_on = scope_of(user, "distortion__")
    public = Q(to_status__in=PUBLIC) & ~Q(move__in=OF_THE_DESK)
    was_public = Q(from_status__in=(*PUBLIC, ""))
    return life.filter(seen_by(user, "distortion__"), public | works_on).annotate(
        shape=F("distortion__public_geometry"),
        shown_from=Case(When(was_public | works_on, then=F("from_status"))),
    )


def _described(rows: QuerySet[Step]) -> QuerySet[Step]:
    return rows.annotate(
        number=F("distortion__number"),
        element_code=F("to_element__code"),
        element_name=named("to_element__name"),
        element_title=named("to_element__title"),
        unit=F("to_element__unit"),
        district_code=F("to_district__code"),
        district_name=named("to_district__name"),
        is_return=Case(
            When(EVENTS["recur"], then=True), default=False, output_field=BooleanField()
        ),
        is_on_time=Case(
            When(EVENTS["on_time"], then=Value(True)),
            When(EVENTS["promised"], then=Value(False)),
            output_field=BooleanField(null=True),
        ),
    )
