"""What pages show of distortions, whichever page it is."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet

from gis_app.distortions.models import Distortion, Photo

ANYBODY = AnonymousUser()


class Pair(NamedTuple):
    """How it looked when it was first seen, and how the last treatment left it."""

    before: Photo
    after: Photo


def pair_of(photos: Iterable[Photo]) -> Pair | None:
    """Return the first photo before the treatment and the last one after it, if there are both."""
    by_age = sorted(photos, key=lambda photo: photo.pk)
    before = [photo for photo in by_age if photo.kind == Photo.Kind.BEFORE]
    after = [photo for photo in by_age if photo.kind == Photo.Kind.AFTER]
    return Pair(before[0], after[-1]) if before and after else None


def with_pictures(rows: QuerySet, *, user=ANYBODY) -> QuerySet:
    """Give each distortion the photos that *user* is shown as `pictures`, the newest first."""
    return rows.prefetch_related(pictures_for(user))


def pictures_for(user) -> Prefetch:
    """Return how the photos that *user* is shown are fetched as `pictures`, the newest first."""
    newest = Photo.objects.shown_to(user).order_by("-pk")
    return Prefetch("photos", newest, to_attr="pictures")


def drawn_place(distortion: Distortion) -> dict[str, Any]:
    """Return the shape of *distortion* as its reader may know it, with its middle as lat, lon."""
    middle = distortion.shape.centroid
    return {
        "shape": json.loads(distortion.shape.geojson),
        "place": [middle.y, middle.x],
        "status": distortion.status,
        "late": distortion.late,
    }
