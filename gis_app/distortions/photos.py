"""Pictures: what somebody sends is decoded, turned upright, stripped, made small and kept as JPEG.

The bytes that were sent are never kept: they tell where the sender lives and which phone she has.
"""

import hashlib
import os
import tempfile
import threading
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageCms
from PIL.Image import Transpose
from pillow_heif import register_heif_opener

from gis_app.distortions.models import Photo
from gis_app.errors import Refused

MAX_BYTES = 20 * 1024 * 1024
# Phones send JPEG and HEIC of up to 50 million pixels. The others are decoded whole, WebP even
# with three copies in memory; at these limits no photo needs more than about 600 MB.
MEGAPIXELS = {"JPEG": 60, "MPO": 60, "HEIF": 60, "PNG": 25, "WEBP": 25}
MAX_SCANS = (
    100  # a progressive JPEG has about ten; thousands in a small file take minutes to decode
)
LARGE, THUMB = 2048, 480  # pixels of the longer side
SIZES = ("large", "thumb")
QUALITY = 82

_JPEG_BEGINS, _START_OF_SCAN = b"\xff\xd8", b"\xff\xda"
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")  # MPO is what Pillow calls a JPEG with several pictures
_one_at_a_time = threading.Lock()  # so that the memory of a process is bounded by one photo
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


class Damaged(Refused):
    reason = _("The photo was damaged on the way. Please send it again.")


@dataclass(frozen=True)
class Picture:
    """Two JPEGs without metadata, in sRGB; width and height are those of the large one."""

    large: bytes
    thumb: bytes
    width: int
    height: int


class Opened(NamedTuple):
    """A JPEG to read; only a public one may be kept by caches."""

    file: BinaryIO
    is_public: bool


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


def open_for(token: str, size: str, *, user, track: str = "") -> Opened | None:
    """Return the photo at *token*, if *user*, or the holder of a report's address, may see it."""
    photo = Photo.objects.visible_to(user, track).filter(token=token).first()
    if photo is None or size not in SIZES:
        return None
    return Opened(path(photo.sha256, size).open("rb"), is_public=photo.is_public)


def _decoded(data: bytes) -> Image.Image:
    """Return the first picture in *data*: upright, sRGB, at most LARGE pixels, without metadata."""
    if data.count(_START_OF_SCAN) > MAX_SCANS and data.startswith(_JPEG_BEGINS):
        raise NotAPicture
    try:
        with _one_at_a_time, Image.open(BytesIO(data), formats=_FORMATS) as image:
            _check_pixels(image)
            return _plain(image)
    except Refused:
        raise
    except Exception as error:  # decoders answer hostile bytes with nearly every class there is
        raise NotAPicture from error


def _check_pixels(image: Image.Image) -> None:
    limit = MEGAPIXELS[image.format or ""]
    if image.width * image.height > limit * 1_000_000:
        raise Refused(_("A photo of this kind may have at most %d megapixels.") % limit)


def _plain(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    turn = _UPRIGHT.get(_orientation(image))
    if image.format in ("JPEG", "MPO"):
        image.draft(None, (LARGE, LARGE))  # reads all bytes, but makes fewer pixels of them
    image.load()
    if image.mode == "I;16":
        image = image.point(lambda grey: grey / 256).convert("L")  # alone, convert() would clip
    if image.mode not in _SMOOTH:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LARGE, LARGE))
    image = _srgb(_on_white(image), profile)
    image.info.clear()  # a JPEG comment would be written again
    return image if turn is None else image.transpose(turn)


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation; a photo with broken metadata is taken as it lies."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 (as many classes as there are ways to break EXIF)
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
