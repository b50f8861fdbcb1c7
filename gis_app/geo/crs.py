"""Coordinate systems. The only file that knows an SRID, axis order or what a metre is.

Stored and exchanged: WGS 84, longitude first. Measured: on the spheroid, or in UTM zone 37N.
"""

from math import cos, floor, radians

from django.contrib.gis.db.models.functions import GeoFunc
from django.contrib.gis.geos import GEOSGeometry, Point, Polygon
from django.db.models import FloatField

WGS84 = 4326
UTM_37N = 32637  # Taif lies at 40.4° E; the zone ends at 42° E
COORDINATE_DIGITS = 7  # about 1 cm
LATITUDE_STRETCH = 0.93  # cos 21.3°: a cell this much lower than wide is square on Taif's ground

_METRES_PER_DEGREE = 110_500  # of latitude, at its shortest: a box is never too small


def point(*, lon: float, lat: float) -> Point:
    """Build a stored point. Keywords, because lon/lat order is where maps go wrong."""
    return Point(lon, lat, srid=WGS84)


def degrees(metres: float, *, lat: float) -> float:
    """Return degrees of longitude that are never fewer than *metres* at latitude *lat*."""
    return metres / (_METRES_PER_DEGREE * cos(radians(lat)))


def box(west: float, south: float, east: float, north: float) -> Polygon:
    """Build a stored box from lon/lat degrees."""
    polygon = Polygon.from_bbox((west, south, east, north))
    polygon.srid = WGS84
    return polygon


class MetresLength(GeoFunc):
    """Length of a stored line in metres, on the spheroid; 0 for points and polygons."""

    output_field = FloatField()
    template = "ST_Length(%(expressions)s::geography)"


class SquareMetres(GeoFunc):
    """Area of a stored polygon in m², on the spheroid; 0 for points and lines."""

    output_field = FloatField()
    template = "ST_Area(%(expressions)s::geography)"


def stored(wkb: bytes) -> GEOSGeometry:
    """Return the geometry of *wkb* (lon, lat) as one that can be stored."""
    return GEOSGeometry(memoryview(wkb), srid=WGS84)


def coarse(point: Point) -> Point:
    """Return the middle of the cell of about 500 m that holds *point*: a public place for a private one."""
    cell = 0.005
    return Point(
        (floor(point.x / cell) + 0.5) * cell, (floor(point.y / cell) + 0.5) * cell, srid=WGS84
    )
