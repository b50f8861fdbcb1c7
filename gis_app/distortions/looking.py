"""Looking at photos that were kept without it: before anybody asked, or by a bulk load."""

from django.db import transaction

from gis_app.distortions import photos
from gis_app.distortions.likeness import look_of, remember
from gis_app.distortions.models import Distortion, Photo
from gis_app.distortions.proof import Flag


def not_looked_at() -> list[int]:
    """Return the keys of the photos of which nobody knows how they look, the oldest first.

    Plain ones are always among them: they look like nothing.
    """
    rows = Photo.objects.with_original().filter(look=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def look_at(key: int) -> bool:
    """Remember how the photo *key* looks; flag it, and return whether it was used before."""
    photo = Photo.objects.get(pk=key)
    look = look_of(photos.path(photo.sha256, "thumb").read_bytes())
    with transaction.atomic():
        Distortion.objects.select_for_update(no_key=True).get(pk=photo.distortion_id)
        photo.refresh_from_db()
        is_used_again = remember(photo, look)
        if is_used_again and Flag.USED_AGAIN not in photo.flags:
            photo.flags = [*photo.flags, Flag.USED_AGAIN]
            photo.save(update_fields=["flags"])
    return is_used_again
