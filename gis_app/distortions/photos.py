"""Pictures: what somebody sends is decoded, turned upright, stripped, made small and kept as JPEG.

The bytes that were sent are never kept: they tell where the sender lives and which phone she has.
"""

import hashlib
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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
from gis_app.errors import Refused, TooMany

MAX_BYTES = 20 * 1024 * 1024
# Phones send JPEG and HEIC of up to 50 million pixels. The others are decoded whole, WebP even
# with three copies in memory; at these limits no photo needs more than about 600 MB.
MEGAPIXELS = {"JPEG": 60, "MPO": 60, "HEIF": 60, "PNG": 25, "WEBP": 25}
MAX_SCANS = (
    100  # a progressive JPEG has about ten; thousands in a small file take minutes to decode
)
MOST_IN_LINE = 3  # photos of one process: one is decoded, two wait; other threads keep answering
COME_AGAIN = 5  # seconds

LARGE, THUMB = 2048, 480  # pixels of the longer side
SIZES = ("large", "thumb")
ORIGINAL = "original"  # the large one without what was blurred, for those who judge
QUALITY = 82

_JPEG_BEGINS, _START_OF_SCAN = b"\xff\xd8", b"\xff\xda"
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")  # MPO is what Pillow calls a JPEG with several pictures
_one_at_a_time = threading.Lock()  # so that the memory of a process is bounded by one photo
_line = threading.BoundedSemaphore(MOST_IN_LINE)
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


class Busy(TooMany):
    reason = _("Many photos are arriving at once. Please send this one again in a moment.")


@dataclass(frozen=True)
class Picture:
    """Two JPEGs without metadata, in sRGB; width and height are those of the large one."""

    large: bytes
    thumb: bytes
    width: int
    height: int


class Opened(NamedTuple):
    """A JPEG to read, with a name for its content; only a public one may be kept by caches."""

    file: BinaryIO
    is_public: bool
    etag: str


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
    return in_sizes(_decoded(data))


def in_sizes(large: Image.Image) -> Picture:
    """Return *large* and its thumb as JPEGs."""
    thumb = large.copy()
    thumb.thumbnail((THUMB, THUMB))
    return Picture(_jpeg(large), _jpeg(thumb), large.width, large.height)


def path(sha256: str, size: str) -> Path:
    """Return where the picture of that SHA-256 lies; *size* is one of SIZES."""
    return settings.MEDIA_ROOT / "photos" / sha256[:2] / f"{sha256}.{size}.jpg"


def blurred_path(token: str, mark: str, size: str) -> Path:
    """Return where the photo at *token* lies as blurred under *mark*; *size* is one of SIZES."""
    return settings.MEDIA_ROOT / "blurred" / token[:2] / f"{token}.{mark}.{size}.jpg"


def shown_path(photo: Photo, size: str) -> Path:
    """Return the file that is shown of *photo*: blurred where something in it is."""
    if photo.mark:
        return blurred_path(photo.token, photo.mark, size)
    return path(photo.sha256, size)


def save(picture: Picture, sha256: str) -> None:
    """Keep *picture*, so that it is still there after a power cut. The same one twice is harmless."""
    _save({path(sha256, size): getattr(picture, size) for size in SIZES})


def save_blurred(picture: Picture, photo: Photo) -> None:
    """Keep *picture*, which is *photo* as blurred by its `blurs`."""
    _save({shown_path(photo, size): getattr(picture, size) for size in SIZES})


def copy_blurred(photo: Photo, token: str) -> None:
    """Keep *photo* as it is blurred for a copy of it at *token* too."""
    if photo.mark:
        pictures = {size: shown_path(photo, size).read_bytes() for size in SIZES}
        _save({blurred_path(token, photo.mark, size): pictures[size] for size in SIZES})


def open_for(token: str, size: str, *, user, track: str = "") -> Opened | None:
    """Open the photo at *token*, if *user*, or the holder of a report's address, may see it.

    Everybody gets it blurred where it is, those who judge as well: what they see is what
    others see. The ORIGINAL is a size of its own, for them alone.
    """
    photos = Photo.objects.visible_to(user, track).filter(token=token)
    if size == ORIGINAL:
        photos = photos.originals_for(user)
    photo = photos.first() if size in (*SIZES, ORIGINAL) else None
    if photo is None:
        return None
    is_original = size == ORIGINAL
    file = path(photo.sha256, "large") if is_original else shown_path(photo, size)
    is_public = photo.is_public and not is_original
    try:
        opened = file.open("rb")
    except FileNotFoundError:  # erased in this moment, or since the backup that was restored
        return None
    return Opened(opened, is_public, etag=f'"{photo.sha256[:16]}{photo.mark}-{size}"')


def _decoded(data: bytes) -> Image.Image:
    """Return the first picture in *data*: upright, sRGB, at most LARGE pixels, without metadata."""
    if data.count(_START_OF_SCAN) > MAX_SCANS and data.startswith(_JPEG_BEGINS):
        raise NotAPicture
    try:
        with _in_line(), Image.open(BytesIO(data), formats=_FORMATS) as image:
            _check_pixels(image)
            return _plain(image)
    except Refused:
        raise
    except Exception as error:  # decoders answer hostile bytes with nearly every class there is
        raise NotAPicture from error


@contextmanager
def _in_line() -> Iterator[None]:
    """Let one photo at a time be decoded, and few wait for it; Busy for all others."""
    if not _line.acquire(blocking=False):
        raise Busy(retry_after=COME_AGAIN)
    try:
        with _one_at_a_time:
            yield
    finally:
        _line.release()


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


def _save(files: dict[Path, bytes]) -> None:
    for target, data in files.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, data)
    for folder in {target.parent for target in files}:
        _sync_folder(folder)
        _sync_folder(folder.parent)


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
