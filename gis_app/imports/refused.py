"""The file of refused rows: the reason, and what stood in every column, to be mended and read again."""

import csv
import os
from io import StringIO
from pathlib import Path
from typing import Self

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gis_app.imports.reasons import Reason, Sieve
from gis_app.imports.tables import Chunk, Table

MARK = "\ufeff"  # by which spreadsheets know UTF-8


class RefusedRows:
    """Writes the file at *path* from *kept* bytes on: what an interrupted chunk wrote is cut off."""

    def __init__(self, path: Path, table: Table, *, kept: int = 0):
        self.path = path
        self.table = table
        self.length = kept
        self._file = path.open("r+b" if kept else "wb")
        self._file.truncate(kept)
        self._file.seek(kept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure) -> None:
        self._file.close()
        if not self.length:
            self.path.unlink()

    def write(self, chunk: Chunk, sieve: Sieve) -> None:
        """Append the refused rows of *chunk*; they are on the disk when this returns."""
        refused = np.flatnonzero(np.isin(sieve.outcome, Reason.values))
        if not len(refused):
            return
        told = StringIO()
        rows = csv.writer(told, delimiter=self.table.delimiter)
        if not self.length:
            told.write(MARK)
            rows.writerow([_("Row"), _("Reason"), _("Value"), *chunk.names, *_shape_of(chunk)])
        for row in refused.tolist():
            why = (chunk.first + row, Reason(sieve.outcome[row]).label, sieve.detail[row])
            rows.writerow([*why, *chunk.rows[row], *_shape_of(chunk, row)])
        self.length += self._file.write(told.getvalue().encode())
        self._file.flush()
        os.fsync(self._file.fileno())


def _shape_of(chunk: Chunk, row: int | None = None) -> list[str]:
    """Return the column with the shape of a *row*, or its name; none where there are no shapes."""
    if chunk.shapes is None:
        return []
    return ["WKT"] if row is None else [shapely.to_wkt(chunk.shapes[row]) or ""]
