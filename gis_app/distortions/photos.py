"""Pictures: what somebody sends is decoded, turned upright, stripped, made small and kept as JPEG.

The bytes that were sent are never kept: they tell where the sender lives and which phone she has.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageCms
from PIL.Image import Transpose
from pillow_heif import register_heif_opener

from gis_app.errors import Refused

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000  # phones send up to 50 million; decoded, a pixel takes 4 bytes
MAX_SCANS = (
    100  # a progressive JPEG has about ten; thousands in a small file take minutes to decode
)
LARGE, THUMB = 2048, 480  # pixels of the longer side
SIZES = ("large", "thumb")
QUALITY = 82

_JPEG_BEGINS, _START_OF_SCAN = b"\xff\xd8", b"\xff\xda"
_SMOOTH = ("RGB", "RGBA", "L", "LA", "CMYK")  # modes that can be resized without stairs
_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}

register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # Pillow would only warn; `_decoded` refuses, before any decoding


class NotAPicture(Refused):
    reason = _("This is not a whole picture. Please send a JPEG, PNG, WebP or HEIC photo.")


class TooLarge(Refused):
    status = 413
    reason = _("A photo may have at most 20 MB.")


class TooManyPixels(Refused):
    reason = _("A photo may have at most 60 megapixels.")


class Damaged(Refused):
    reason = _("The photo was damaged on the way. Please send it again.")


@dataclass(frozen=True)
class Picture:
    """Two JPEGs without metadata, in sRGB; width and height are those of the large one."""

    large: bytes
    thumb: bytes
    width: int
    height: int


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read(data: bytes, *, sha256: str) -> Picture:
    """Return the picture in *data*; Refused when it is not whole, not a photo, or too large.

    Of a picture that moves, or of several in one file, the first one counts.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge
    if sha256_of(data) != sha256:
        raise Damaged
    large = _decoded(data)
    thumb = large.copy()
    thumb.thumbnail((THUMB, THUMB))
    return Picture(_jpeg(large), _jpeg(thumb), large.width, large.height)


def path(sha256: str, size: str) -> Path:
    """Return where the picture of that SHA-256 lies; *size* is one of SIZES."""
    return settings.MEDIA_ROOT / "photos" / sha256[:2] / f"{sha256}.{size}.jpg"


def save(picture: Picture, sha256: str) -> None:
    """Keep *picture*, so that it is still there after a power cut. The same one twice is harmless."""
    folder = path(sha256, "large").parent
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        _write(path(sha256, size), getattr(picture, size))
    _sync_folder(folder)
    _sync_folder(folder.parent)


def _decoded(data: bytes) -> Image.Image:
    """Return the first picture in *data*: upright, sRGB, at most LARGE pixels, without metadata."""
    if data.count(_START_OF_SCAN) > MAX_SCANS and data.startswith(_JPEG_BEGINS):
        raise NotAPicture
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise TooManyPixels
            return _plain(image)
    except Refused:
        raise
    except Exception as error:  # decoders answer hostile bytes with nearly every class there is
        raise NotAPicture from error


def _plain(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    turn = _UPRIGHT.get(_orientation(image))
    if image.format in ("JPEG", "MPO"):
        image.draft(
            None, (2 * LARGE, 2 * LARGE)
        )  # all bytes are read, a quarter of the pixels made
    image.load()
    if image.mode not in _SMOOTH:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LARGE, LARGE))
    image = _srgb(_on_white(image), profile)
    image.info.clear()  # a JPEG comment would be written again
    return image.transpose(turn) if turn else image


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation; a photo with broken metadata is taken as it lies."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # as many classes as there are ways to break EXIF
        return 1


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    drawn = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    return paper


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return *image* in the colours of a screen; an unusable profile is as good as none."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError):
            pass
    return image.convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    return out.getvalue()


def _write(target: Path, data: bytes) -> None:
    """Write whole or not at all: a reader, or the next start, never meets half a file."""
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(file.name, 0o640)
    os.replace(file.name, target)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
