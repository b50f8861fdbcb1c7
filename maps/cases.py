"""What pages show of distortions, whichever page it is."""

import json
from typing import Any

from django.db.models import Prefetch, QuerySet

from gis_app.distortions.models import Distortion, Photo


def with_pictures(rows: QuerySet) -> QuerySet:
    """Give each distortion its published photos as `pictures`, the newest first: one query more."""
    newest = Photo.objects.published().order_by("-pk")
    return rows.prefetch_related(Prefetch("photos", newest, to_attr="pictures"))


def drawn_place(distortion: Distortion) -> dict[str, Any]:
    """Return the shape of *distortion* as its reader may know it, with its middle as lat, lon."""
    middle = distortion.shape.centroid
    return {
        "shape": json.loads(distortion.shape.geojson),
        "place": [middle.y, middle.x],
        "status": distortion.status,
        "late": distortion.late,
    }
