"""Vector files of any format and coordinate system that GDAL reads.

Only the commands that read a file import this: pyogrio brings pandas with it.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

from gis_app.errors import Refused
from gis_app.geo import crs
from gis_app.geo.reading import FileRow


def read(path: Path, *, layer: str = "", encoding: str = "", system: str = "") -> list[FileRow]:
    """Return the rows of a vector file; Refused when it cannot be read.

    *layer* is needed where the file has several, *encoding* for a shapefile that does not tell
    it, *system* (such as "EPSG:20437") for a file that does not say its coordinate system.
    """
    try:
        about, _ids, shapes, columns = pyogrio.raw.read(
            path, layer=layer or _only_layer(path), encoding=encoding or None, force_2d=True
        )
    except (DataSourceError, DataLayerError, FeatureError, FieldError, UnicodeError) as error:
        raise Refused(f"The file cannot be read: {error}") from error
    if shapes is None:
        raise Refused("The file holds no geometry.")
    there = crs.to_stored(
        shapely.from_wkb(shapes, on_invalid="ignore"), source=system or about["crs"]
    )
    return [
        FileRow(
            number,
            dict(zip(about["fields"], map(text_of, values), strict=True)),
            None if shape is None or shape.is_empty else shape,
        )
        for number, (shape, *values) in enumerate(zip(there, *columns, strict=True), start=1)
    ]


def _only_layer(path: Path) -> str | None:
    layers = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
    if len(layers) > 1:
        raise Refused(f"The file has several layers; name one with --layer: {', '.join(layers)}")
    return layers[0] if layers else None


def text_of(value: Any) -> str:
    """Return a file's value as text: no decimals on whole numbers, lists by comma."""
    if isinstance(value, np.ndarray):
        return ",".join(map(str, value))
    if isinstance(value, float | np.floating):
        value = None if np.isnan(value) else int(value) if value.is_integer() else value
    return "" if value is None else str(value).strip()
