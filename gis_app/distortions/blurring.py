"""Hiding faces, number plates and interiors in a photo, so that nobody can bring them back."""

from collections.abc import Iterable
from io import BytesIO
from math import ceil, floor, isfinite
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import Image
from PIL.Image import Resampling

from gis_app.distortions import photos
from gis_app.distortions.judging import NoSuchPhoto, may_judge, photo_to_judge
from gis_app.distortions.models import Photo
from gis_app.distortions.photos import Picture
from gis_app.distortions.record import in_turn, record_step
from gis_app.errors import Forbidden, Refused

MOST_RECTANGLES = 40
LEAST_SIDE = 0.005  # of the picture: less is a slip of the finger
DIGITS = 4  # of a share: a fifth of a pixel
CELLS = 4  # of the longer side: too few for a face or a plate to be told from another one
SHADES = 32  # steps of brightness: the fewer, the less a patient guess can be checked


class Rectangle(NamedTuple):
    """A part of a picture: shares of its width and height, from its left and top edge."""

    left: float
    top: float
    width: float
    height: float

    def checked(self) -> "Rectangle":
        """Return it rounded, within the picture; Refused when it is no rectangle."""
        if not all(isfinite(share) and 0 <= share <= 1 for share in self):
            raise Refused(_("A rectangle lies within the picture."))
        left, top = round(self.left, DIGITS), round(self.top, DIGITS)
        width = round(min(self.width, 1 - left), DIGITS)
        height = round(min(self.height, 1 - top), DIGITS)
        if min(width, height) < LEAST_SIDE:
            raise Refused(_("A rectangle is too small to be seen."))
        return Rectangle(left, top, width, height)

    def pixels(self, image: Image.Image) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom: all pixels that it touches."""
        right, bottom = self.left + self.width, self.top + self.height
        return (
            floor(self.left * image.width),
            floor(self.top * image.height),
            min(ceil(right * image.width), image.width),
            min(ceil(bottom * image.height), image.height),
        )


class NoOriginal(Refused):
    reason = _("The original of this photo was deleted: what is blurred stays as it is.")


def blur_photo(*, token: str, rectangles: Iterable[Iterable[float]], by) -> Photo:
    """Show the photo at *token* with *rectangles* hidden, instead of those before; none: as it is.

    Shares of its width and height: left, top, width, height. Not atomic as a whole: the
    pixels are made before anything is locked.
    """
    blurs = [list(rectangle) for rectangle in _checked(rectangles)]
    picture = preview(token=token, rectangles=blurs, by=by) if blurs else None
    with transaction.atomic():
        photo = photo_to_judge(token, by=by)
        if photo.original_dropped_at:
            raise NoOriginal
        before, photo.blurs = photo.blurs, blurs
        if blurs == before:
            return photo
        if picture:
            in_turn(f"photo {token}")  # so that nobody deletes the same file as unused meanwhile
            photos.save_blurred(picture, photo)
        photo.save(update_fields=["blurs"])
        record_step(
            photo.distortion,
            move="blur",
            by=by,
            at=timezone.now(),
            differences={f"blurs:{photo.pk}": [before, blurs]},
        )
        return photo


def preview(*, token: str, rectangles: Iterable[Iterable[float]], by) -> Picture:
    """Return what the photo at *token* would look like; nothing is kept."""
    if not may_judge(by):
        raise Forbidden
    photo = Photo.objects.visible_to(by).filter(token=token).first()
    if photo is None:
        raise NoSuchPhoto
    if not Photo.objects.originals_for(by).filter(pk=photo.pk).exists():
        raise NoOriginal if photo.original_dropped_at else NoSuchPhoto
    original = photos.path(photo.sha256, "large").read_bytes()
    return hidden(original, _checked(rectangles))


def hidden(original: bytes, rectangles: Iterable[Rectangle]) -> Picture:
    """Return the JPEG *original* with a few flat cells in place of each rectangle."""
    with Image.open(BytesIO(original)) as opened:
        image = opened.convert("RGB")
    for rectangle in rectangles:
        box = rectangle.pixels(image)
        image.paste(_mosaic(image.crop(box)), box)
    return photos.in_sizes(image)


def _mosaic(part: Image.Image) -> Image.Image:
    """Return *part* as at most CELLS cells a side, each the mean of its pixels in few shades."""
    longer = max(part.size)
    cells = (
        max(1, round(CELLS * part.width / longer)),
        max(1, round(CELLS * part.height / longer)),
    )
    means = part.resize(cells, Resampling.BOX)
    return means.point(_shade).resize(part.size, Resampling.NEAREST)


def _shade(value: int) -> int:
    return value // SHADES * SHADES + SHADES // 2


def _checked(rectangles: Iterable[Iterable[float]]) -> list[Rectangle]:
    found = [Rectangle(*shares).checked() for shares in rectangles]
    if len(found) > MOST_RECTANGLES:
        raise Refused(_("At most %d rectangles can be blurred.") % MOST_RECTANGLES)
    return found
