"""Geometry that people and programs send: made plain, or refused with the reason."""

from collections.abc import Sequence

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext_lazy as _

from gis_app.errors import Refused
from gis_app.geo import crs

MOST_VERTICES = 500
LARGEST_EXTENT_KM = 2  # a distortion is a thing on a street, not a part of the city
KINDS = {
    "Point": "point",
    "LineString": "line",
    "Polygon": "polygon",
    "MultiPolygon": "multipolygon",
}


def plain(
    geometry: GEOSGeometry,
    *,
    kinds: Sequence[str],
    most_vertices: int = MOST_VERTICES,
    largest_km: float = LARGEST_EXTENT_KM,
) -> GEOSGeometry:
    """Return *geometry* in EPSG:4326, 2D, 7 decimals; Refused when it is none of *kinds* or unsound."""
    kind = KINDS.get(geometry.geom_type)
    if kind not in kinds:
        raise _refused(_("This is drawn as: %s.") % ", ".join(kinds))
    if geometry.empty:
        raise _refused(_("The geometry is empty."))
    shape = shapely.force_2d(shapely.from_wkb(bytes(geometry.wkb)))
    corners = shapely.get_coordinates(shape)
    if not np.isfinite(corners).all():
        raise _refused(_("Coordinates are longitude, then latitude, in degrees."))
    if len(corners) > most_vertices:
        raise _refused(_("The geometry has too many points; the most is %d.") % most_vertices)
    west, south, east, north = shape.bounds
    if not crs.in_world(west, south, east, north):
        raise _refused(_("Coordinates are longitude, then latitude, in degrees."))
    if max(east - west, north - south) > crs.degrees(largest_km * 1000, lat=(south + north) / 2):
        raise _refused(_("The geometry is larger than %d km.") % largest_km)
    shape = shapely.transform(shape, lambda xy: np.round(xy, crs.COORDINATE_DIGITS))
    if not shape.is_valid or (kind == "line" and shape.length == 0):
        raise _refused(_("The geometry crosses itself or has no extent."))
    return crs.stored(shape.wkb)


def between(one: GEOSGeometry, other: GEOSGeometry) -> GEOSGeometry:
    """Return the line from *one* to the nearest point of *other*, both stored; to be drawn."""
    ends = (shapely.from_wkb(bytes(shape.wkb)) for shape in (one, other))
    return crs.stored(shapely.shortest_line(*ends).wkb)


def _refused(reason) -> Refused:
    return Refused(reason, fields={"geometry": [reason]})
