"""Vector files of any format and coordinate system that GDAL reads."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.utils.translation import gettext_lazy as _
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError
from shapely.geometry.base import BaseGeometry

from gis_app.errors import Refused
from gis_app.geo import crs


@dataclass(frozen=True)
class FileRow:
    """One row of a file: its number, its texts by column, its shape.

    The *number* counts from 1, as people do. The *shape* is in EPSG:4326, longitude first, 2D,
    rounded as it will be stored; None where it is empty or cannot be read.
    """

    number: int
    texts: dict[str, str]
    shape: BaseGeometry | None


def read(
    path: Path | str, *, layer: str = "", encoding: str = "", system: str = ""
) -> list[FileRow]:
    """Return the rows of a vector file; Refused when it cannot be read.

    *layer* is needed where the file has several, *encoding* for a shapefile that does not tell
    it, *system* (such as "EPSG:32637") for a file that does not say its coordinate system.
    """
    try:
        about, _ids, shapes, columns = pyogrio.raw.read(
            path, layer=layer or _only_layer(path), encoding=encoding or None, force_2d=True
        )
    except (DataSourceError, DataLayerError, FeatureError, FieldError, UnicodeError) as error:
        raise Refused(_("The file cannot be read: %s") % error) from error
    if shapes is None:
        raise Refused(_("The file holds no geometry."))
    placed = crs.to_stored(
        shapely.from_wkb(shapes, on_invalid="ignore"), source=system or about["crs"]
    )
    names = about["fields"]
    return [
        FileRow(number, dict(zip(names, map(_text, values), strict=True)), _whole(shape))
        for number, (shape, *values) in enumerate(zip(placed, *columns, strict=True), start=1)
    ]


def columns_of(rows: list[FileRow], *wanted: str) -> None:
    """Refuse a file that lacks one of the *wanted* columns; an empty name is not wanted."""
    there = list(rows[0].texts) if rows else []
    for name in wanted:
        if name and name not in there:
            raise Refused(
                _("The file has no column “%(name)s”. Its columns: %(there)s")
                % {"name": name, "there": ", ".join(there)}
            )


def _only_layer(path: Path | str) -> str:
    layers = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
    if len(layers) > 1:
        raise Refused(_("The file has several layers; choose one of them: %s") % ", ".join(layers))
    return layers[0] if layers else None


def _text(value: Any) -> str:
    """Return a file's value as text: no decimals on whole numbers, lists by comma."""
    if isinstance(value, np.ndarray | list):
        return ",".join(map(str, value))
    if isinstance(value, float | np.floating):
        value = None if np.isnan(value) else int(value) if value.is_integer() else value
    if value is None:
        return ""
    return str(value).strip()


def _whole(shape: BaseGeometry | None) -> BaseGeometry | None:
    if shape is None or shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
        return None
    return shape
