"""What belongs to a distortion, asked for once, however many readers of one page it has."""

from collections.abc import Sequence

from django.db.models import Prefetch, prefetch_related_objects

from gis_app.distortions.models import Distortion, Photo, Report, Step
from gis_app.distortions.proof import with_metres

TOLD_OF_A_STEP = (
    "text", "team", "by", "into", "from_element", "to_element", "from_district", "to_district",
)  # fmt: skip


def steps_of(distortion: Distortion) -> list[Step]:
    """Return its steps, the first one first, with all that is told of them."""
    steps = Prefetch("steps", Step.objects.select_related(*TOLD_OF_A_STEP))
    prefetch_related_objects([distortion], steps)
    return list(distortion.steps.all())


def reports_of(distortion: Distortion, *, beside: Sequence[Distortion] = ()) -> list[Report]:
    """Return what was said about it, the oldest first, with the contacts.

    What was said of what stands *beside* it is asked for at the same time.
    """
    rows = Report.objects.select_related("contact").order_by("received_at", "pk")
    prefetch_related_objects([distortion, *beside], Prefetch("reports", rows))
    return list(distortion.reports.all())


def photos_of(distortion: Distortion, *, user, beside: Sequence[Distortion] = ()) -> list[Photo]:
    """Return those of its photos that *user* is shown, the oldest first.

    Those of what stands *beside* it are asked for at the same time.
    """
    rows = with_metres(Photo.objects.shown_to(user)).order_by("pk")
    prefetch_related_objects([distortion, *beside], Prefetch("photos", rows))
    return list(distortion.photos.all())
