"""How photos are told of: by their addresses, which nobody can guess."""

from typing import Any

from django.urls import reverse

from gis_app.distortions.models import Photo
from gis_app.distortions.photos import SIZES


def photo_told(request, photo: Photo, *, track: str = "") -> dict[str, Any]:
    """Return a photo's members; with *track* its sender can open it before it is public."""
    question = f"?track={track}" if track else ""
    addresses = {
        size: request.build_absolute_uri(reverse("maps:photo", args=[photo.token, size])) + question
        for size in SIZES
    }
    return {
        "kind": photo.kind,
        "sha256": photo.sha256,
        "width": photo.width,
        "height": photo.height,
        "added_at": photo.added_at,
        "is_cleared": photo.cleared_at is not None,
        **addresses,
    }
