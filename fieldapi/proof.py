"""Where and when a photo was taken: asked in the address of its upload, told to staff."""

from collections.abc import Callable, Mapping
from datetime import datetime
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _
from rest_framework_gis.fields import GeometryField

from gis_app.distortions.models import Photo
from gis_app.distortions.photo_actions import Taken
from gis_app.distortions.proof import flags_told
from gis_app.errors import Unreadable
from gis_app.geo import crs

QUESTIONS = ("lon", "lat", "accuracy_m", "taken_at")


def taken_of(questions: Mapping[str, str]) -> Taken:
    """Return what the *questions* of an upload say; Unreadable when they cannot be read."""
    lon, lat = (_read(questions, name, _number) for name in ("lon", "lat"))
    return Taken(
        _place(lon, lat),
        _read(questions, "accuracy_m", _number),
        _read(questions, "taken_at", datetime.fromisoformat),
    )


def proof_told(photo: Photo, *, user) -> dict[str, Any]:
    """Return what staff read of a photo besides: where and when it was taken, and what is odd."""
    return {
        "taken_at": photo.taken_at,
        "place": GeometryField().to_representation(photo.place) if photo.place else None,
        "accuracy_m": photo.accuracy_m,
        "flags": [flag.value for flag in flags_told(photo, user=user)],
    }


def _place(lon: float | None, lat: float | None):
    if lon is None and lat is None:
        return None
    if lon is None or lat is None or not crs.in_world(lon, lat, lon, lat):
        told = [_("Give lon and lat in degrees, or none of them.")]
        raise Unreadable(fields={"lon" if lon is None else "lat": told})
    return crs.point(lon=lon, lat=lat)


def _read(questions: Mapping[str, str], name: str, reader: Callable[[str], Any]) -> Any:
    if name not in questions:
        return None
    try:
        return reader(questions[name])
    except ValueError:
        raise Unreadable(fields={name: [_("This cannot be read.")]}) from None


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number
