"""Rows of a file of any kind as texts, some thousands at a time: the file may be larger than memory.

Workbooks are the exception: GDAL reads a sheet as a whole.
"""

import codecs
import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

from gis_app.errors import Refused
from gis_app.geo.files import text_of
from gis_app.imports.mapping import FileSection

ROWS = 10_000  # of a chunk
PLAIN = (".csv", ".tsv", ".txt")
DELIMITERS = ",;\t|"
LONGEST_FIELD = 1_000_000
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
WINDOWS_ARABIC = "cp1256"  # what has no mark and is not UTF-8
READING_ERRORS = (
    DataSourceError, DataLayerError, FeatureError, FieldError, UnicodeError, csv.Error, OSError,
)  # fmt: skip


@dataclass(frozen=True)
class Chunk:
    """Some rows as they stand in the file; the number of its first row counts from 1."""

    first: int
    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    shapes: np.ndarray | None = None  # as the file has them

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def torn(self) -> np.ndarray:
        """Which rows have more or fewer columns than they should."""
        return np.array([len(row) != len(self.names) for row in self.rows], dtype=bool)

    def column(self, name: str) -> list[str]:
        """Return the trimmed texts of a column; a *name* that is empty has empty ones."""
        if not name:
            return [""] * len(self.rows)
        place = self.names.index(name)
        return [row[place].strip() if place < len(row) else "" for row in self.rows]


class Table(Protocol):
    """What a file holds. *system* is its coordinate system, *delimiter* that of its columns."""

    names: Sequence[str]
    system: str
    delimiter: str

    def chunks(self, *, after: int = 0) -> Iterator[Chunk]:
        """Give its rows but the first *after*."""


def open_table(path: Path, about: FileSection) -> Table:
    """Return the rows of the file at *path*; Refused when it cannot be read."""
    with _reading():
        return PlainTable(path, about) if path.suffix.lower() in PLAIN else GdalTable(path, about)


def digest(*paths: Path) -> str:
    """Return a hash of the files, and of all files of a folder."""
    sums = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                with file.open("rb") as opened:
                    sums.update(hashlib.file_digest(opened, "sha256").digest())
    return sums.hexdigest()


class PlainTable:
    """A file of texts between delimiters."""

    system = ""

    def __init__(self, path: Path, about: FileSection):
        with path.open("rb") as opened:
            head = opened.read(1 << 20)
        mark = next((name for mark, name in MARKS.items() if head.startswith(mark)), "")
        self.encoding = mark or about.encoding or ("utf-8" if _is_utf8(head) else WINDOWS_ARABIC)
        self.open = partial(path.open, encoding=self.encoding, newline="")
        with self.open() as opened:
            line = opened.readline()
        self.delimiter = about.delimiter or max(DELIMITERS, key=line.count)
        with self.open() as opened:
            self.names: Sequence[str] = [name.strip() for name in next(self._rows(opened), [])]

    def _rows(self, opened) -> Iterator[list[str]]:
        csv.field_size_limit(LONGEST_FIELD)
        return (row for row in csv.reader(opened, delimiter=self.delimiter) if row)

    def chunks(self, *, after: int = 0) -> Iterator[Chunk]:
        with _reading(), self.open() as opened:
            rows = islice(self._rows(opened), 1 + after, None)
            first = after + 1
            while chosen := list(islice(rows, ROWS)):
                yield Chunk(first, self.names, chosen)
                first += len(chosen)


class GdalTable:
    """A layer or sheet of a file that GDAL reads."""

    delimiter = ","

    def __init__(self, path: Path, about: FileSection):
        self.path = path
        # Without being told, GDAL takes a first row for names only where the second has numbers.
        options = {"HEADERS": "FORCE"} if path.suffix.lower() == ".xlsx" else {}
        self.options: dict[str, Any] = options | {
            "layer": about.layer or _only_layer(path),
            "encoding": about.encoding or None,
        }
        info = pyogrio.read_info(path, **self.options)
        self.names: Sequence[str] = list(info["fields"])
        self.system: str = info["crs"] or ""

    def chunks(self, *, after: int = 0) -> Iterator[Chunk]:
        with (
            _reading(),
            pyogrio.raw.open_arrow(
                self.path,
                batch_size=ROWS,
                use_pyarrow=True,
                datetime_as_string=True,
                **self.options,
            ) as (about, batches),
        ):
            first = 1
            for batch in batches:
                fresh = batch.slice(max(after + 1 - first, 0))
                first += len(batch) - len(fresh)
                if len(fresh):
                    yield self._chunk(first, fresh, about["geometry_name"] or "wkb_geometry")
                first += len(fresh)

    def _chunk(self, first: int, batch, geometry: str) -> Chunk:
        columns = [map(text_of, batch.column(name).to_pylist()) for name in self.names]
        shapes = None
        if geometry in batch.schema.names:
            known = batch.column(geometry).to_numpy(zero_copy_only=False)
            shapes = shapely.force_2d(shapes_of(known, shapely.from_wkb))
        return Chunk(first, self.names, list(zip(*columns, strict=True)), shapes)


def shapes_of(written: np.ndarray, read: Callable[..., Any]) -> np.ndarray:
    """Return the shapes that are *written*, None where they are unreadable or curved."""
    try:
        return read(written, on_invalid="ignore")
    except NotImplementedError:  # for one curve among them
        return np.array([_shape_of(one, read) for one in written], dtype=object)


def _shape_of(written: Any, read: Callable[..., Any]) -> Any:
    try:
        return read(written, on_invalid="ignore")
    except NotImplementedError:
        return None


@contextmanager
def _reading():
    try:
        yield
    except READING_ERRORS as error:
        raise Refused(f"The file cannot be read: {error}") from error


def _is_utf8(head: bytes) -> bool:
    """Whether *head* is UTF-8; its last letter may be cut in two."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _only_layer(path: Path) -> str | None:
    layers = pyogrio.list_layers(path).tolist()
    found = [name for name, kind in layers if kind is not None] or [name for name, _ in layers]
    if len(found) > 1:
        raise Refused(f"The file has several layers; [file] must name one: {', '.join(found)}")
    return found[0] if found else None
