"""Columns into tables by COPY: thousands of rows at a time, without an object for any of them."""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from math import isnan
from secrets import token_hex

import numpy as np
import shapely
from django.db import connection, models
from tqdm import tqdm

from gis_app.geo import crs

NULL = "\\N"
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
ROWS_A_WRITE = 2000
# Unique ones first: foreign keys are held by them.
CONSTRAINTS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype IN ('f', 'u') AND conrelid = ANY (%s::regclass[])
    ORDER BY contype DESC
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = ANY (%s::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


def copy(model: type[models.Model], columns: Mapping[str, Sequence[str]]) -> None:
    """Append rows to the table of *model*; *columns* holds their texts by attribute name."""
    meta = model._meta
    fields = {field.attname: str(field.column) for field in meta.concrete_fields}
    quoted = ", ".join(connection.ops.quote_name(fields[name]) for name in columns)
    lines = ["\t".join(row) for row in zip(*columns.values(), strict=True)]
    table = connection.ops.quote_name(meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as sink:
        for start in range(0, len(lines), ROWS_A_WRITE):
            sink.write("\n".join(lines[start : start + ROWS_A_WRITE]) + "\n")


def reserve(sequence: str, count: int) -> np.ndarray:
    """Take the next *count* numbers of *sequence*: ascending, others may take some in between."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
        return np.array(cursor.fetchall(), dtype=np.int64).ravel()


def reserve_keys(model: type[models.Model], count: int) -> np.ndarray:
    """Take *count* primary keys of *model*."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        (sequence,) = cursor.fetchone()
    return reserve(sequence, count)


@contextmanager
def built_afterwards(*tables: type[models.Model]):
    """Do without constraints and indexes meanwhile, but for the primary keys: built at the end, all
    at once, they take a third of the time. Building a foreign key checks every row."""
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        cursor.execute(CONSTRAINTS, [names])
        constraints = cursor.fetchall()
        cursor.execute(INDEXES, [names])
        indexes = cursor.fetchall()
        for table, name, _definition in reversed(constraints):
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in tqdm(indexes, desc="indexes", unit="", disable=None):
            cursor.execute(definition)
        for table, name, definition in tqdm(constraints, desc="constraints", unit="", disable=None):
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


# Columns as COPY reads them


def texts(column: Sequence[str]) -> list[str]:
    """Return what people wrote."""
    return [text.translate(ESCAPED) for text in column]


def same(value: str, count: int) -> list[str]:
    return [value] * count


def wholes(column: np.ndarray) -> list[str]:
    """Return keys and counts; 0 stands for nobody and nothing."""
    return [str(number) if number else NULL for number in column.tolist()]


def counts(column: np.ndarray) -> list[str]:
    return list(map(str, column.tolist()))


def numbers(column: np.ndarray) -> list[str]:
    """Return quantities; NaN stands for unknown."""
    return [NULL if isnan(number) else repr(number) for number in column.tolist()]


def moments(column: np.ndarray) -> list[str]:
    """Return seconds since 1970 as times in UTC."""
    known = ~np.isnan(column)
    texts = np.full(len(column), NULL, dtype=object)
    texts[known] = np.datetime_as_string(column[known].astype("datetime64[s]"), timezone="UTC")
    return texts.tolist()


def days(column: np.ndarray) -> list[str]:
    """Return seconds of local time since 1970 as days."""
    return np.datetime_as_string(column.astype("datetime64[s]"), unit="D").tolist()


def geometries(column: np.ndarray) -> list[str]:
    located = shapely.set_srid(column, crs.WGS84)
    return shapely.to_wkb(located, hex=True, include_srid=True).tolist()


def uuids(count: int) -> list[str]:
    """Return random identifiers (version 4), never the same again."""
    drawn = token_hex(16 * count)
    texts = (drawn[start : start + 32] for start in range(0, len(drawn), 32))
    return [f"{text[:12]}4{text[13:16]}8{text[17:]}" for text in texts]
