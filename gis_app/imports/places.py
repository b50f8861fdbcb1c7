"""Where the rows of a file lie: read, moved to WGS 84, and freed of what only looks like a place."""

from collections.abc import Sequence

import numpy as np
import shapely

from gis_app.errors import Refused
from gis_app.geo import crs, shape
from gis_app.imports.mapping import PlaceSection
from gis_app.imports.reasons import Reason, Sieve
from gis_app.imports.tables import Chunk, shapes_of
from gis_app.language import latin_digits

KINDS = [
    shapely.GeometryType[name]
    for name in ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON")
]


def place_keys(chunk: Chunk, about: PlaceSection) -> list[str]:
    """Return what tells exact places apart, as the file writes them; "" where there is none."""
    if about.wkt:
        return chunk.column(about.wkt)
    if about.lon:
        pairs = zip(chunk.column(about.lon), chunk.column(about.lat), strict=True)
        return [f"{lon} {lat}" if lon or lat else "" for lon, lat in pairs]
    if chunk.shapes is None:
        return [""] * len(chunk)
    return [known or "" for known in shapely.to_wkb(chunk.shapes, hex=True)]


def read_places(chunk: Chunk, about: PlaceSection, *, system: str, sieve: Sieve) -> np.ndarray:
    """Return the shapes in WGS 84, as stored, None where there is none; the *sieve* says why.

    *system* is that of the file, for its own geometry.
    """
    keys = place_keys(chunk, about)
    found = _as_written(chunk, about, keys, sieve)
    found[shapely.is_empty(found)] = None
    sieve.settle(shapely.is_missing(found), Reason.NO_PLACE)
    single = shapely.get_num_geometries(found) == 1
    found[single] = shapely.get_geometry(found[single], 0)
    odd = ~shapely.is_missing(found) & ~np.isin(shapely.get_type_id(found), KINDS)
    found[odd] = None
    sieve.settle(odd, Reason.UNREADABLE_PLACE, keys)
    found = shapely.force_2d(found)
    x, y = shapely.get_x(found), shapely.get_y(found)
    for lon, lat in about.placeholders:
        sieve.settle((x == lon) & (y == lat), Reason.PLACEHOLDER)
    found[~sieve.good] = None
    stored = crs.to_stored(found, source=about.crs or system)
    bounds = shapely.bounds(stored)
    lost = ~np.isfinite(bounds).all(axis=1) | ~_in_world(bounds)
    sieve.settle(lost, Reason.UNREADABLE_PLACE, keys)
    return stored


def fit(shapes: np.ndarray, kinds: Sequence[Sequence[str]], sieve: Sieve) -> None:
    """Refuse those of *shapes* that are none of the *kinds* of their row, or unsound."""
    takes_points = np.array(["point" in allowed for allowed in kinds], dtype=bool)
    # With a point nothing else can be wrong.
    is_fit = takes_points & (shapely.get_type_id(shapes) == shapely.GeometryType.POINT)
    for row in np.flatnonzero(sieve.good & ~is_fit).tolist():
        try:
            plain = shape.plain(crs.stored(shapes[row].wkb), kinds=kinds[row])
            shapes[row] = shapely.from_wkb(bytes(plain.wkb))
        except Refused as refusal:
            sieve.refuse(row, Reason.SHAPE, refusal)


def _as_written(chunk: Chunk, about: PlaceSection, keys: list[str], sieve: Sieve) -> np.ndarray:
    """Return the shapes in the system of the file; the *sieve* tells of unreadable ones."""
    told = np.array([bool(key) for key in keys], dtype=bool)
    if about.wkt:
        shapes = shapes_of(np.where(told, keys, "POINT EMPTY"), shapely.from_wkt)
    elif about.lon:
        lon, lat = (
            np.array([coordinate(text) for text in chunk.column(name)])
            for name in (about.lon, about.lat)
        )
        known = np.isfinite(lon) & np.isfinite(lat)
        shapes = np.full(len(chunk), None, dtype=object)
        shapes[known] = shapely.points(lon[known], lat[known])
    else:
        shapes = np.full(len(chunk), None) if chunk.shapes is None else chunk.shapes.copy()
    sieve.settle(told & shapely.is_missing(shapes), Reason.UNREADABLE_PLACE, keys)
    return shapes


def coordinate(text: str) -> float:
    """Return a coordinate such as 21.2703, ٢١٫٢٧٠٣ or 21,2703; NaN where it is none."""
    text = latin_digits(text).replace("٫", ".")
    try:
        return float(text if "." in text else text.replace(",", "."))
    except ValueError:
        return np.nan


def _in_world(bounds: np.ndarray) -> np.ndarray:
    return np.array([crs.in_world(*box) for box in bounds.tolist()], dtype=bool)
