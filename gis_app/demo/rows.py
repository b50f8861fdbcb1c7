"""Columns into tables by COPY: thousands of rows at a time, without an object for any of them."""

from collections.abc import Sequence
from math import isnan
from secrets import token_hex

import numpy as np
import shapely
from django.db import connection, models

from gis_app.geo import crs

NULL = "\\N"
ROWS_A_WRITE = 2000


def copy(model: type[models.Model], columns: dict[str, Sequence[str]]) -> None:
    """Append rows to the table of *model*; *columns* holds their texts by attribute name."""
    meta = model._meta
    fields = {field.attname: field.column for field in meta.concrete_fields}
    quoted = ", ".join(connection.ops.quote_name(fields[name]) for name in columns)
    lines = ["\t".join(row) for row in zip(*columns.values(), strict=True)]
    table = connection.ops.quote_name(meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as sink:
        for start in range(0, len(lines), ROWS_A_WRITE):
            sink.write("\n".join(lines[start : start + ROWS_A_WRITE]) + "\n")


def reserve(sequence: str, count: int) -> int:
    """Take the next *count* numbers of *sequence* and return the first of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(%s, nextval(%s) + %s)", [sequence, sequence, count - 1])
        return cursor.fetchone()[0] - count + 1


def reserve_keys(model: type[models.Model], count: int) -> np.ndarray:
    """Take *count* primary keys of *model*."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        (sequence,) = cursor.fetchone()
    return np.arange(count) + reserve(sequence, count)


# Columns as COPY reads them


def same(value: str, count: int) -> list[str]:
    return [value] * count


def wholes(column: np.ndarray) -> list[str]:
    """Return keys and counts; 0 stands for nobody and nothing."""
    return [str(number) if number else NULL for number in column.tolist()]


def numbers(column: np.ndarray) -> list[str]:
    """Return quantities; NaN stands for unknown."""
    return [NULL if isnan(number) else repr(number) for number in column.tolist()]


def moments(column: np.ndarray) -> list[str]:
    """Return seconds since 1970 as times in UTC."""
    known = ~np.isnan(column)
    texts = np.full(len(column), NULL, dtype=object)
    texts[known] = np.datetime_as_string(column[known].astype("datetime64[s]"), timezone="UTC")
    return texts.tolist()


def geometries(column: np.ndarray) -> list[str]:
    located = shapely.set_srid(column, crs.WGS84)
    return shapely.to_wkb(located, hex=True, include_srid=True).tolist()


def uuids(count: int) -> list[str]:
    """Return random identifiers (version 4), never the same again."""
    drawn = token_hex(16 * count)
    texts = (drawn[start : start + 32] for start in range(0, len(drawn), 32))
    return [f"{text[:12]}4{text[13:16]}8{text[17:]}" for text in texts]
