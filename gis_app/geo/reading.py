"""From a file's rows to things that can be stored: what is wrong is named, nothing is guessed.

The words are for whoever runs an import on the server: plain English, one row a line.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis_app.errors import Refused
from gis_app.geo import crs
from gis_app.language import clean_text, latin_digits

CODE = re.compile(r"[\w.-]{1,32}")  # it stands in addresses and in lists by comma
ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")
MOST_NAME = 120

Thing = TypeVar("Thing")
Shape = TypeVar("Shape", bound=BaseGeometry)


@dataclass(frozen=True)
class FileRow:
    """One row of a file: its number, its texts by column, its shape.

    The *number* counts from 1, as people do. The *shape* is in EPSG:4326, longitude first, 2D,
    rounded as it will be stored; None where it is empty or cannot be read.
    """

    number: int
    texts: dict[str, str]
    shape: BaseGeometry | None


@dataclass(frozen=True)
class Remark:
    """What is to be said about one row of a file."""

    number: int
    code: str
    text: str

    def __str__(self) -> str:
        return f"row {self.number}{self.code and f' ({self.code})'}: {self.text}"


@dataclass
class Reading(Generic[Thing]):
    """What a file tells: what can be stored, the rows that cannot, and what was mended."""

    things: list[Thing] = field(default_factory=list)
    faults: list[Remark] = field(default_factory=list)
    repairs: list[Remark] = field(default_factory=list)


def check_columns(rows: list[FileRow], *wanted: str) -> None:
    """Refuse a file that lacks one of the *wanted* columns; an empty name is not wanted."""
    if not rows:
        raise Refused("The file has no rows.")
    for name in wanted:
        if name and name not in rows[0].texts:
            raise Refused(
                f"The file has no column “{name}”. Its columns: {', '.join(rows[0].texts)}"
            )


def read_rows(
    rows: Collection[FileRow], make: Callable[[FileRow], tuple[Thing, bool]], *, code_column: str
) -> Reading[Thing]:
    """Return what *make* makes of each row: the thing, and whether its shape was mended.

    A row that *make* refuses is a fault, and so is one whose code stands in several rows.
    """
    reading: Reading[Thing] = Reading()
    uses = Counter(code_in(row, code_column) for row in rows)
    for row in rows:
        code = code_in(row, code_column)
        try:
            if code_column:
                check_code(code, uses=uses[code])
            thing, was_mended = make(row)
        except Refused as refusal:
            reading.faults.append(Remark(row.number, code, refusal.in_full()))
            continue
        reading.things.append(thing)
        if was_mended:
            reading.repairs.append(Remark(row.number, code, "an invalid ring was repaired"))
    return reading


def code_in(row: FileRow, column: str) -> str:
    return latin_digits(row.texts[column]) if column else ""


def check_code(code: str, *, uses: int = 1) -> None:
    """Refuse a code that is missing, could not stand in an address, or has several *uses*."""
    if not code:
        raise Refused("the code is missing")
    if not CODE.fullmatch(code):
        raise Refused("a code has at most 32 letters, digits, dots, hyphens and underscores")
    if uses > 1:
        raise Refused(f"{uses} rows have this code")


def arabic_name(text: str) -> str:
    """Return a name in Arabic; Refused when it has no Arabic letter: its encoding was misread."""
    name = clean_text(text, field="name_ar", limit=MOST_NAME)
    if not ARABIC_LETTER.search(name):
        raise Refused(f"the Arabic name “{name}” has no Arabic letter; is --encoding right?")
    return name


def told(row: FileRow, column: str) -> str | None:
    """Return a cleaned text of the row; None where the file has no such *column*."""
    return clean_text(row.texts[column], field=column, limit=MOST_NAME) if column else None


def known(text: str | None, words: Mapping[str, str], what: str) -> str | None:
    """Return what *words* has for *text*; None where nothing is told."""
    if not text:
        return None
    if text not in words:
        raise Refused(f"the {what} “{text}” is not known")
    return words[text]


def whole_number(text: str | None, what: str) -> int | None:
    """Return a number such as 12,500; None where nothing is told."""
    if not text:
        return None
    digits = latin_digits(text).replace(",", "").replace("٬", "")
    if not digits.isdecimal():
        raise Refused(f"the {what} “{text}” is no whole number")
    return int(digits)


def placed(shape: BaseGeometry | None, *kinds: type[Shape]) -> Shape:
    """Return *shape*; Refused when it is empty, outside the world or of none of the *kinds*."""
    if shape is None:
        raise Refused("the geometry is empty or cannot be read")
    corners = shapely.get_coordinates(shape)
    if not (np.isfinite(corners).all() and crs.in_world(*shape.bounds)):
        lon, lat = corners[0]
        raise Refused(f"its coordinates, such as {lon:g}, {lat:g}, lie outside the world")
    if not isinstance(shape, kinds):
        raise Refused(f"a {shape.geom_type} does not serve here")
    return shape


def area(shape: BaseGeometry | None) -> tuple[shapely.MultiPolygon, bool]:
    """Return *shape* as a valid area, and whether it had to be mended for that."""
    drawn = placed(shape, shapely.Polygon, shapely.MultiPolygon)
    if drawn.is_valid:
        return polygons(drawn), False
    mended = polygons(shapely.make_valid(drawn, method="structure", keep_collapsed=False))
    if mended.is_empty:
        raise Refused(f"the geometry has no area ({shapely.is_valid_reason(drawn)})")
    return mended, True


def polygons(shape: BaseGeometry) -> shapely.MultiPolygon:
    """Return the polygons of *shape*, without the points and lines that may stand beside them."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.MultiPolygon(
        [part for part in parts if isinstance(part, shapely.Polygon) and not part.is_empty]
    )
