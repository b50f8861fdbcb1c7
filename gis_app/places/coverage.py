"""How well districts cover the city: where two overlap, where none is, and the city's outline."""

from collections.abc import Mapping
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from gis_app.geo import crs
from gis_app.geo.reading import polygons

SMALLEST_M2 = 0.01  # less is the rounding of the coordinates
TOUCH_DEGREES = 10**-crs.COORDINATE_DIGITS


@dataclass(frozen=True)
class Flaw:
    """An overlap of districts or a gap between them: the *codes* concerned, size and a point in it."""

    codes: tuple[str, ...]
    square_metres: float
    lon: float
    lat: float


def overlaps(boundaries: Mapping[str, BaseGeometry]) -> list[Flaw]:
    """Return the ground that lies in two districts, the largest first."""
    codes, shapes = list(boundaries), list(boundaries.values())
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    found = [
        _flaw(tuple(sorted((codes[one], codes[other]))), shapes[one].intersection(shapes[other]))
        for one, other in pairs.T
        if one < other
    ]
    return _largest_first(found)


def gaps(boundaries: Mapping[str, BaseGeometry]) -> list[Flaw]:
    """Return the ground that lies in no district but is enclosed by districts, the largest first."""
    codes, shapes = list(boundaries), list(boundaries.values())
    tree = shapely.STRtree(shapes)
    found = []
    for hole in _holes(shapely.union_all(shapes)):
        around = tree.query(hole, predicate="dwithin", distance=TOUCH_DEGREES)
        found.append(_flaw(tuple(sorted(codes[index] for index in around)), hole))
    return _largest_first(found)


def outline(boundaries: Mapping[str, BaseGeometry], *, gap_metres: float) -> shapely.MultiPolygon:
    """Return the districts with the gaps between them: enclosed, or channels open to the outside.

    A channel is filled where no place in it is farther than *gap_metres* from a district.
    """
    whole = crs.closed(shapely.union_all(list(boundaries.values())), metres=gap_metres)
    return polygons(shapely.union_all([whole, *_holes(whole)]))


def _holes(shape: BaseGeometry) -> list[shapely.Polygon]:
    return [shapely.Polygon(ring) for part in polygons(shape).geoms for ring in part.interiors]


def _flaw(codes: tuple[str, ...], shape: BaseGeometry) -> Flaw:
    ground = polygons(shape)
    spot = shape.representative_point()
    return Flaw(codes, crs.square_metres(ground), spot.x, spot.y)


def _largest_first(flaws: list[Flaw]) -> list[Flaw]:
    seen = [flaw for flaw in flaws if flaw.square_metres >= SMALLEST_M2]
    return sorted(seen, key=lambda flaw: -flaw.square_metres)
