"""What came back: the earlier treatment of a case, and what was reported there again."""

from typing import Any

from gis_app.distortions.models import Distortion
from maps.cases import pair_of


def recurrence_context(parts: dict[str, list[Distortion]]) -> dict[str, Any]:
    """Return what the page of a case shows of its recurrences (together.py).

    The earlier one's photos stand beside the case's own (of_one.py).
    """
    earlier = next(iter(parts.get("earlier", ())), None)
    again = sorted(parts["again"], key=lambda row: (row.first_reported_at, row.number))
    return {
        "earlier": earlier,
        "earlier_pair": earlier and pair_of(earlier.photos.all()),
        "came_back_as": again[::-1],
    }
