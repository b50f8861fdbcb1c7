"""What was referred to other bodies: to whom, under which number there, and since when."""

from django.db.models import OuterRef, QuerySet, Subquery

from gis_app.distortions.models import Step
from gis_app.language import named
from gis_app.registers.kept import Kept
from gis_app.treatment.models import Body


def with_referral(rows: QuerySet) -> QuerySet:
    """Annotate distortions with their last referral: `referred_at`, `body` and `reference`."""
    last = Step.objects.filter(distortion=OuterRef("pk"), move="refer").order_by("-pk")
    told = {"referred_at": "at", "body": "text__body", "reference": "text__reference"}
    return rows.annotate(**{name: Subquery(last.values(path)[:1]) for name, path in told.items()})


@Kept
def known_bodies() -> list[str]:
    """Name the bodies that the desk is offered; it may write another one."""
    rows = Body.objects.filter(is_active=True).annotate(called=named())
    return list(rows.order_by("called").values_list("called", flat=True))
