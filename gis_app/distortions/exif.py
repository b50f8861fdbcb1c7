"""What a camera wrote into a picture about where and when it was taken: a hint, never the truth."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from math import isfinite
from typing import Any, NamedTuple

from django.contrib.gis.geos import Point
from django.utils import timezone
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from gis_app.distortions.checks import YEARS
from gis_app.geo import crs

_WRITTEN = "%Y:%m:%d %H:%M:%S"  # as EXIF 2.3 has it


class Hint(NamedTuple):
    """Either may be missing: browsers and phones strip what they can."""

    place: Point | None = None
    taken_at: datetime | None = None


def hint_of(data: bytes) -> Hint:
    """Return what the EXIF of the picture in *data* tells; nothing where it cannot be read."""
    try:
        with Image.open(BytesIO(data)) as image:  # reads the head alone: nothing is decoded
            exif = image.getexif()
            return Hint(
                _read(_place, exif.get_ifd(IFD.GPSInfo)), _read(_moment, exif.get_ifd(IFD.Exif))
            )
    except Exception:  # noqa: BLE001 (as many classes as there are ways to break EXIF)
        return Hint()


def _read(part: Callable[[dict], Any], told: dict) -> Any:
    """Return what *part* makes of *told*; one that is broken leaves the other readable."""
    try:
        return part(told)
    except (ArithmeticError, TypeError, ValueError):
        return None


def _place(told: dict) -> Point | None:
    if GPS.GPSLatitude not in told or GPS.GPSLongitude not in told:
        return None
    lat = _degrees(told[GPS.GPSLatitude], told.get(GPS.GPSLatitudeRef), negative="S")
    lon = _degrees(told[GPS.GPSLongitude], told.get(GPS.GPSLongitudeRef), negative="W")
    if not (isfinite(lat) and isfinite(lon) and crs.in_world(lon, lat, lon, lat)):
        return None
    return crs.point(lon=lon, lat=lat)


def _degrees(parts, side: str | None, *, negative: str) -> float:
    degrees, minutes, seconds = map(float, parts)
    return (degrees + minutes / 60 + seconds / 3600) * (-1 if side == negative else 1)


def _moment(told: dict) -> datetime | None:
    """Return the camera's time; without a zone it is that of the city."""
    text, zone = (
        str(told.get(tag, "")).strip("\0 ")
        for tag in (Base.DateTimeOriginal, Base.OffsetTimeOriginal)
    )
    if not text:
        return None
    found = datetime.strptime(text + zone, _WRITTEN + ("%z" if zone else ""))
    if found.year not in YEARS:
        return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found
