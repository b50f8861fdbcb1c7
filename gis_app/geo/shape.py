"""Geometry that people and programs send: made plain, or refused with the reason."""

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext_lazy as _

from gis_app.errors import Refused
from gis_app.geo import crs

MOST_VERTICES = 500
LARGEST_EXTENT_M = 2_000  # a distortion is a thing on a street, not a part of the city
KINDS = {"Point": "point", "LineString": "line", "Polygon": "polygon"}


def plain(geometry: GEOSGeometry, *, kinds: list[str]) -> GEOSGeometry:
    """Return *geometry* in EPSG:4326, 2D, 7 decimals; Refused when it is none of *kinds* or unsound."""
    kind = KINDS.get(geometry.geom_type)
    if kind not in kinds:
        raise _refused(_("This kind of distortion is drawn as: %s.") % ", ".join(kinds))
    shape = shapely.force_2d(shapely.from_wkb(bytes(geometry.wkb)))
    corners = shapely.get_coordinates(shape)
    if shape.is_empty or not np.isfinite(corners).all():
        raise _refused(_("The geometry is empty."))
    if len(corners) > MOST_VERTICES:
        raise _refused(_("The geometry has too many points; the most is 500."))
    west, south, east, north = shape.bounds
    if not crs.in_world(west, south, east, north):
        raise _refused(_("Coordinates are longitude, then latitude, in degrees."))
    if max(east - west, north - south) > crs.degrees(LARGEST_EXTENT_M, lat=(south + north) / 2):
        raise _refused(_("The geometry is larger than 2 km."))
    shape = shapely.transform(shape, lambda xy: np.round(xy, crs.COORDINATE_DIGITS))
    if not shape.is_valid or (kind == "line" and shape.length == 0):
        raise _refused(_("The geometry crosses itself or has no extent."))
    return crs.stored(shape.wkb)


def _refused(reason) -> Refused:
    return Refused(reason, fields={"geometry": [reason]})
