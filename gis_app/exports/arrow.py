"""Files of a layer's rows that are written in Arrow's batches, a column at a time.

Only what writes such a file imports this: pyarrow and pyogrio would lengthen every start.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow
import pyogrio
import shapely
import xlsxwriter
from adbc_driver_postgresql import StatementOptions, dbapi
from django.db import connection
from psycopg.conninfo import make_conninfo
from pyarrow import parquet

from gis_app.exports.formats import EXCEL_TEXT
from gis_app.exports.streams import columns_of
from gis_app.geo import crs, table
from gis_app.language import active
from gis_app.layers import Layer

BATCH_BYTES = 8 * 1024 * 1024
LINE = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert")
GEOPARQUET = "1.1.0"
EXCEL_EPOCH = (datetime(1970, 1, 1, tzinfo=UTC) - datetime(1899, 12, 30, tzinfo=UTC)).days
MICROSECONDS_OF_A_DAY = 24 * 3600 * 1_000_000

Tell = Callable[[int], None]  # is told how many rows more are written


def write(format: str, layer: Layer, rows, path: Path, *, tell: Tell) -> None:
    """Write *rows* to *path*; the format is one of WRITERS."""
    WRITERS[format](layer, rows, path, tell)


def _write_parquet(layer: Layer, rows, path: Path, tell: Tell) -> None:
    kinds: set[str] = set()
    bounds = []
    with (
        _batches(table.features, layer, rows) as batches,
        # Without Arrow's own schema beside it, which would hide from its readers what is told last.
        parquet.ParquetWriter(path, batches.schema, compression="zstd", store_schema=False) as file,
    ):
        for batch in batches:
            file.write_batch(batch)
            shapes = shapely.from_wkb(batch.column(table.GEOMETRY).to_numpy(zero_copy_only=False))
            kinds.update(shape.geom_type for shape in shapes[_one_of_each_type(shapes)])
            bounds.append(shapely.total_bounds(shapes))
            tell(batch.num_rows)
        file.add_key_value_metadata({"geo": json.dumps(_about(kinds, bounds))})


def _one_of_each_type(shapes: np.ndarray) -> np.ndarray:
    return np.unique(shapely.get_type_id(shapes), return_index=True)[1]


def _about(kinds: set[str], bounds: list[np.ndarray]) -> dict:
    """Return what GeoParquet tells of its geometry."""
    column = {"encoding": "WKB", "geometry_types": sorted(kinds), "crs": crs.projjson()}
    if bounds:
        lows, highs = np.split(np.array(bounds), 2, axis=1)
        column["bbox"] = [*lows.min(axis=0).tolist(), *highs.max(axis=0).tolist()]
    return {
        "version": GEOPARQUET,
        "primary_column": table.GEOMETRY,
        "columns": {table.GEOMETRY: column},
    }


def _write_by_gdal(driver: str, layer: Layer, rows, path: Path, tell: Tell) -> None:
    with _batches(table.features, layer, rows) as batches:
        told = pyarrow.RecordBatchReader.from_batches(batches.schema, _told(batches, tell))
        pyogrio.write_arrow(
            told,
            path,
            driver=driver,
            layer=layer.name,
            geometry_name=table.GEOMETRY,
            geometry_type="Unknown",  # points, lines and areas in one layer
            crs=crs.STORED,
        )


def _told(batches: Iterator[pyarrow.RecordBatch], tell: Tell) -> Iterator[pyarrow.RecordBatch]:
    for batch in batches:
        yield batch
        tell(batch.num_rows)


def _write_workbook(layer: Layer, rows, path: Path, tell: Tell) -> None:
    with (
        _batches(table.sheet, layer, rows) as batches,
        xlsxwriter.Workbook(path, {"constant_memory": True}) as book,
    ):
        sheet = book.add_worksheet(layer.name)
        if active() == "ar":
            sheet.right_to_left()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(batches.schema) - 1, 18)
        sheet.write_row(0, 0, batches.schema.names, book.add_format({"bold": True}))
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        writers = [_cell_writer(sheet, field.type, day, moment) for field in batches.schema]
        done = 0
        for batch in batches:
            columns = [_excel_values(column) for column in batch.columns]
            for number, values in enumerate(zip(*columns, strict=True), start=done + 1):
                for at, (write_cell, value) in enumerate(zip(writers, values, strict=True)):
                    if value is not None:
                        write_cell(number, at, value)
            done += batch.num_rows
            tell(batch.num_rows)


def _cell_writer(sheet, kind: pyarrow.DataType, day, moment) -> Callable:
    """Return what writes a value of that kind; a text is never taken for a formula."""
    if pyarrow.types.is_string(kind):
        return partial(_write_text, sheet)
    if pyarrow.types.is_boolean(kind):
        return sheet.write_boolean
    if pyarrow.types.is_date(kind):
        return lambda row, at, value: sheet.write_datetime(row, at, value, day)
    if pyarrow.types.is_timestamp(kind):
        return lambda row, at, value: sheet.write_number(row, at, value, moment)
    return sheet.write_number


def _write_text(sheet, row: int, at: int, value: str) -> None:
    # Half of an outline would be a wrong one.
    if len(value) <= EXCEL_TEXT:
        sheet.write_string(row, at, value)


def _excel_values(column: pyarrow.Array) -> list:
    """Return the values as Python has them; moments as Excel's days."""
    if not pyarrow.types.is_timestamp(column.type):
        return column.to_pylist()
    moments = column.cast(pyarrow.int64()).to_pylist()
    return [
        None if moment is None else EXCEL_EPOCH + moment / MICROSECONDS_OF_A_DAY
        for moment in moments
    ]


@contextmanager
def _batches(select, layer: Layer, rows) -> Iterator[pyarrow.RecordBatchReader]:
    """Ask for *rows* on a line of its own, which lasts as long as its batches are read."""
    question = select(rows.order_by(), geometry=layer.geometry, properties=columns_of(layer))
    with connection.cursor() as cursor:
        sql = cursor.mogrify(*question)
    settings = connection.get_connection_params()
    line = make_conninfo(**{name: settings[name] for name in LINE if name in settings})
    with dbapi.connect(line) as asked, asked.cursor() as cursor:
        hint = {StatementOptions.BATCH_SIZE_HINT_BYTES.value: str(BATCH_BYTES)}
        cursor.adbc_statement.set_options(**hint)
        cursor.execute(sql)
        found = cursor.fetch_record_batch()
        plain = pyarrow.schema([field.remove_metadata() for field in found.schema])
        yield pyarrow.RecordBatchReader.from_batches(
            plain, (pyarrow.RecordBatch.from_arrays(batch.columns, schema=plain) for batch in found)
        )


WRITERS: dict[str, Callable[[Layer, object, Path, Tell], None]] = {
    "parquet": _write_parquet,
    "fgb": partial(_write_by_gdal, "FlatGeobuf"),
    "gpkg": partial(_write_by_gdal, "GPKG"),
    "xlsx": _write_workbook,
}
