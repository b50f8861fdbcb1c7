"""Vector files for the tests of reading and importing."""

from pathlib import Path

import geopandas
import shapely

from gis_app.geo import crs
from tests.factories import square

NAMES = {"code": "A", "name_ar": "الشهداء", "name_en": "Ash Shuhada"}


def area(column: int = 0, **where) -> shapely.Polygon:
    """The same squares as the factories', for shapely."""
    return shapely.from_wkb(bytes(square(column, **where).wkb)).geoms[0]


def write(path: Path, *rows: dict, system: int | None = crs.WGS84, **options) -> Path:
    """Write *rows* (columns and a `shape`) to *path* in the coordinate system *system*."""
    table = [{**NAMES, **row} for row in rows]
    frame = geopandas.GeoDataFrame(
        table, geometry=[row.pop("shape") for row in table], crs=crs.WGS84
    )
    frame = frame.to_crs(system) if system else frame.set_crs(None, allow_override=True)
    frame.to_file(path, **options)
    return path
