"""Coordinate systems. The only file that knows an SRID, axis order or what a metre is.

Stored and exchanged: WGS 84, longitude first. Measured: on the spheroid, or in UTM zone 37N.
"""

from math import asinh, atan, cos, floor, pi, radians, sinh, tan
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import GeoFunc
from django.contrib.gis.geos import GEOSGeometry, Point, Polygon
from django.db.models import FloatField
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from gis_app.errors import Refused

WGS84 = 4326
WEB_MERCATOR = 3857  # of map tiles only: never measured in
UTM_37N = 32637  # Taif lies at 40.4° E; the zone ends at 42° E
STORED = f"EPSG:{WGS84}"
COORDINATE_DIGITS = 7  # about 1 cm
COARSE_METRES = 400  # a public place of a private one is never farther from it
FEW_STREETS = 0.005  # degrees, about 500 m

_EASTMOST, _NORTHMOST = 180, 90
_TILED_NORTHMOST = 85.05  # the web map is square: it ends there
_METRES_PER_DEGREE = 110_500  # of latitude, at its shortest: a box is never too small


def point(*, lon: float, lat: float) -> Point:
    """Build a stored point. Keywords, because lon/lat order is where maps go wrong."""
    return Point(lon, lat, srid=WGS84)


def projjson() -> dict[str, Any]:
    """Return what the stored system is, as files tell it that carry their own description."""
    return CRS.from_epsg(WGS84).to_json_dict()


def degrees(metres: float, *, lat: float) -> float:
    """Return degrees of longitude that are never fewer than *metres* at latitude *lat*."""
    return metres / (_METRES_PER_DEGREE * cos(radians(lat)))


def in_world(west: float, south: float, east: float, north: float) -> bool:
    """Whether the four degrees span a box, or a point, of the world."""
    return -_EASTMOST <= west <= east <= _EASTMOST and -_NORTHMOST <= south <= north <= _NORTHMOST


class Box(Polygon):
    """A stored box that knows its degrees, without asking GEOS for them."""

    degrees: tuple[float, float, float, float]

    @property
    def is_small(self) -> bool:
        """Whether it is a few streets, which hold few things however many the city has."""
        west, south, east, north = self.degrees
        return max(east - west, north - south) <= FEW_STREETS


def box(west: float, south: float, east: float, north: float) -> Box:
    """Build a stored box from lon/lat degrees."""
    corners = (west, south), (west, north), (east, north), (east, south), (west, south)
    found = Box(corners, srid=WGS84)
    found.degrees = (west, south, east, north)
    return found


def to_world(*, lon: float, lat: float) -> tuple[float, float]:
    """Return where a place lies on the square web map: shares of its side from west and north."""
    lat = max(-_TILED_NORTHMOST, min(lat, _TILED_NORTHMOST))
    return (lon + 180) / 360, 0.5 - asinh(tan(radians(lat))) / (2 * pi)


def from_world(x: float, y: float) -> tuple[float, float]:
    """Return lon and lat of what lies these shares of the web map's side from its north-west."""
    return 360 * x - 180, atan(sinh(pi * (1 - 2 * y))) * 180 / pi


def tile_box(z: int, x: int, y: int) -> Polygon:
    """Build the stored box of a map tile."""
    west, north = from_world(x / 2**z, y / 2**z)
    east, south = from_world((x + 1) / 2**z, (y + 1) / 2**z)
    return box(west, south, east, north)


class SquareMetres(GeoFunc):
    """Area of a stored polygon in m², on the spheroid; 0 for points and lines."""

    output_field = FloatField()
    template = "ST_Area(%(expressions)s::geography)"


def stored(wkb: bytes) -> Any:
    """Return the geometry of *wkb* (lon, lat) as one that can be stored: a point, a polygon …"""
    return GEOSGeometry(memoryview(wkb), srid=WGS84)


def to_stored(shapes: np.ndarray, *, source: str | None) -> np.ndarray:
    """Return shapely *shapes* of the system *source* in WGS 84, lon first, rounded as stored.

    Coordinates that *source* does not reach come back infinite. Refused when it is unknown.
    """
    if not source:
        raise Refused("The file does not say its coordinate system; name it with --crs.")
    try:
        moved = _mover(source, WGS84)
    except CRSError as error:
        raise Refused(f"The coordinate system {source} is not known.") from error
    return shapely.transform(shapes, lambda xy: np.round(moved(xy), COORDINATE_DIGITS))


def square_metres(shape: BaseGeometry) -> float:
    """Return the area of a shapely *shape* in WGS 84, on the spheroid."""
    area, _length = Geod(ellps="WGS84").geometry_area_perimeter(shapely.orient_polygons(shape))
    return area


def metres_between(place: Point, other: Point) -> float:
    """Return the metres between two stored points, on the spheroid."""
    _there, _back, metres = Geod(ellps="WGS84").inv(place.x, place.y, other.x, other.y)
    return metres


def metres_to_farthest(place: Point, shape: GEOSGeometry) -> float:
    """Return the metres from *place* to the farthest corner of *shape*, both stored, on the spheroid."""
    corners = shapely.get_coordinates(shapely.from_wkb(bytes(shape.wkb)))
    here = np.full_like(corners, (place.x, place.y))
    _there, _back, metres = Geod(ellps="WGS84").inv(*here.T, *corners.T)
    return float(metres.max())


def closed(shape: BaseGeometry, *, metres: float) -> BaseGeometry:
    """Return *shape* (WGS 84) with every channel narrower than twice *metres* filled."""
    flat = shapely.transform(shape, _mover(WGS84, UTM_37N))
    # Mitred, so that the corners of the shape stay where they are.
    filled = flat.buffer(metres, join_style="mitre").buffer(-metres, join_style="mitre")
    return shape.union(shapely.transform(filled, _mover(UTM_37N, WGS84)))


def _mover(source: int | str, target: int):
    moved = Transformer.from_crs(source, target, always_xy=True).transform
    return lambda xy: np.column_stack(moved(xy[:, 0], xy[:, 1]))


def coarse(point: Point) -> Point:
    """Return the middle of the cell of about 500 m that holds *point*: a public place for a private one."""
    cell = 0.005
    return Point(
        (floor(point.x / cell) + 0.5) * cell, (floor(point.y / cell) + 0.5) * cell, srid=WGS84
    )
