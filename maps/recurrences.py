"""What came back: the earlier treatment of a case, and what was reported there again."""

from typing import Any

from gis_app.distortions.models import Distortion, Photo
from maps.cases import pair_of


def recurrence_context(distortion: Distortion, *, user) -> dict[str, Any]:
    """Return what *distortion* is a recurrence of, with its photos, and its own recurrences."""
    rows = Distortion.objects.visible_to(user).described()
    earlier = rows.filter(recurrences=distortion).first()
    return {
        "earlier": earlier,
        "earlier_pair": earlier and pair_of(Photo.objects.shown_to(user).about(earlier)),
        "came_back_as": rows.filter(recurrence_of=distortion).newest_first(),
    }
