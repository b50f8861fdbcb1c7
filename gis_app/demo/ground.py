"""Where distortions lie: along streets, thick in a few places, thin everywhere else."""

import numpy as np
import shapely
from numpy.random import Generator
from shapely.geometry.base import BaseGeometry

from gis_app.geo import crs

STRETCHES = 60  # of streets in a district; the first are much busier than the last
MARGIN_M = 45  # whatever is drawn reaches no farther from its middle: it stays in its district
LARGEST_RADIUS_M = 18
LONGEST_LINE_M = 36
BESIDE = 0.75  # the share that lies at the street; the others lie in the blocks behind
ASIDE_M = (7, 120)  # how far from the street, for either
ALONG_M = 90  # how far a stretch reaches either way
BLOB_CORNERS = 7


class Ground:
    """The districts of a city, with the stretches of street on which distortions gather."""

    def __init__(self, districts: np.ndarray, streets: np.ndarray, rng: Generator):
        latitude = shapely.union_all(districts).centroid.y
        self.degrees_a_metre = np.array([crs.degrees(1, lat=latitude), crs.degrees(1, lat=0)])
        self.inner = [self._away_from_the_border(shape) for shape in districts]
        lines = shapely.STRtree(streets)
        found = [self._stretches(shape, lines, rng) for shape in self.inner]
        self.middles = np.array([middles for middles, _ in found])
        self.headings = np.array([headings for _, headings in found])
        busy = 1 / np.arange(1, STRETCHES + 1) ** 0.9
        self.busy = busy / busy.sum()

    def spots(self, district: np.ndarray, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return for each district index a place (lon, lat) inside it and its street's heading."""
        stretch = rng.choice(STRETCHES, len(district), p=self.busy)
        heading = self.headings[district, stretch]
        middle = self.middles[district, stretch]
        aside = np.where(rng.random(len(district)) < BESIDE, *ASIDE_M)
        away = np.column_stack(
            [rng.normal(0, ALONG_M, len(district)), rng.normal(0, 1, len(district)) * aside]
        )
        places = middle + self._turned(away[:, None, :], heading)[:, 0]
        return np.where(self._inside(district, places)[:, None], places, middle), heading

    def lines(self, places: np.ndarray, heading: np.ndarray, metres: np.ndarray) -> np.ndarray:
        """Return lines of *metres* through *places*, along the street."""
        half = np.clip(metres, 2, LONGEST_LINE_M)[:, None] / 2
        along = half * np.array([-1, 0.1, 1])
        across = half * np.array([0, 0.06, 0])
        corners = self._turned(np.stack([along, across], axis=2), heading)
        return np.asarray(shapely.linestrings(self._rounded(places[:, None, :] + corners)))

    def areas(
        self, places: np.ndarray, heading: np.ndarray, square_metres: np.ndarray, rng: Generator
    ) -> np.ndarray:
        """Return patches of about *square_metres* around *places*."""
        radius = np.clip(np.sqrt(square_metres / np.pi), 0.8, LARGEST_RADIUS_M / 1.6)[:, None]
        angle = np.linspace(0, 2 * np.pi, BLOB_CORNERS, endpoint=False)
        reach = radius * rng.uniform(0.75, 1.2, (len(places), BLOB_CORNERS))
        corners = np.stack([1.25 * reach * np.cos(angle), 0.8 * reach * np.sin(angle)], axis=2)
        ring = places[:, None, :] + self._turned(corners, heading)
        return np.asarray(shapely.polygons(self._rounded(ring)))

    def points(self, places: np.ndarray) -> np.ndarray:
        return np.asarray(shapely.points(self._rounded(places)))

    def shifted(self, shapes: np.ndarray, metres: float, rng: Generator) -> np.ndarray:
        """Return *shapes*, each somewhere else within about *metres*: as another person saw it."""
        shift = rng.uniform(-metres, metres, (len(shapes), 2)) * self.degrees_a_metre
        coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
        return shapely.set_coordinates(shapes.copy(), self._rounded(coordinates + shift[owner]))

    def _away_from_the_border(self, shape: BaseGeometry) -> BaseGeometry:
        inner = shape.buffer(-MARGIN_M * self.degrees_a_metre.max())
        chosen = shape if inner.is_empty else inner
        shapely.prepare(chosen)
        return chosen

    def _stretches(self, shape: BaseGeometry, streets: shapely.STRtree, rng: Generator):
        """Return the middles and headings of STRETCHES places on the streets of a district."""
        near = streets.geometries.take(streets.query(shape, predicate="intersects"))
        parts = shapely.get_parts(shapely.intersection(near, shape))
        lengths = shapely.length(parts)
        if not lengths.sum():
            return self._anywhere(shape, rng), rng.uniform(0, np.pi, STRETCHES)
        street = parts[rng.choice(len(parts), STRETCHES, p=lengths / lengths.sum())]
        share = rng.uniform(0.05, 0.9, STRETCHES)
        here = shapely.line_interpolate_point(street, share, normalized=True)
        there = shapely.line_interpolate_point(street, share + 0.05, normalized=True)
        middles = shapely.get_coordinates(here)
        east, north = ((shapely.get_coordinates(there) - middles) / self.degrees_a_metre).T
        return middles, np.arctan2(north, east)

    def _anywhere(self, shape: BaseGeometry, rng: Generator) -> np.ndarray:
        west, south, east, north = shape.bounds
        spots = shapely.get_coordinates(shape.representative_point())
        while len(spots) < STRETCHES:
            tried = rng.uniform((west, south), (east, north), (4 * STRETCHES, 2))
            spots = np.vstack([spots, tried[shapely.contains_xy(shape, tried)]])
        return spots[:STRETCHES]

    def _inside(self, district: np.ndarray, places: np.ndarray) -> np.ndarray:
        inside = np.zeros(len(places), dtype=bool)
        for number in np.unique(district):
            here = district == number
            inside[here] = shapely.contains_xy(self.inner[number], places[here])
        return inside

    def _turned(self, metres: np.ndarray, heading: np.ndarray) -> np.ndarray:
        """Turn offsets (rows, corners, 2) from along and across a street to degrees of lon, lat."""
        cos, sin = np.cos(heading)[:, None], np.sin(heading)[:, None]
        along, across = metres[..., 0], metres[..., 1]
        turned = np.stack([along * cos - across * sin, along * sin + across * cos], axis=2)
        return turned * self.degrees_a_metre

    def _rounded(self, degrees: np.ndarray) -> np.ndarray:
        return np.round(degrees, crs.COORDINATE_DIGITS)
