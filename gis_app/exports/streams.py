"""Text files straight out of the database: COPY in blocks, in as much memory for any number of rows.

One of the server's threads is held until the client has the last block. So only some run at
once, and each has an end: a client that stops reading does not keep its query alive.
"""

import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from os import dup, fstat
from threading import BoundedSemaphore, Timer
from typing import BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gis_app.errors import Refused
from gis_app.geo import encode, table
from gis_app.layers import Layer

BLOCK_BYTES = 256 * 1024
TRY_AGAIN = 30  # seconds
MILLISECONDS = 1000
# JSON escapes every control character, so with these a row is written as it is, and ends in \n.
VERBATIM = r"COPY ({}) TO STDOUT (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')"
CSV = "COPY ({}) TO STDOUT (FORMAT csv, HEADER)"
BOM = "\ufeff".encode()  # without it Excel takes Arabic for another alphabet; others skip it
# A quote that is never closed: no reader takes what was cut off for the whole.
CUT_OFF = b'"This file is not whole: it broke off here.'

_running = BoundedSemaphore(settings.RASD_EXPORT_STREAMS)


class Busy(Refused):
    """As many files as this server can send at once are on their way."""

    status = 503
    reason = _("Many files are being taken right now. Please try again in a moment.")


class Place:
    """One of the few places that files may take at once, in this process; Busy when none is free."""

    def __init__(self) -> None:
        if not _running.acquire(blocking=False):
            raise Busy(retry_after=TRY_AGAIN)
        self._is_taken = True

    def leave(self) -> None:
        """Give the place back; twice is harmless."""
        if self._is_taken:
            self._is_taken = False
            _running.release()


class Blocks:
    """The blocks of a file, which hold a place until they are closed; *size* in bytes if known."""

    def __init__(self, blocks: Generator[bytes], place: Place, *, size: int | None = None) -> None:
        self.size = size
        self._blocks = blocks
        self._place = place

    def __iter__(self) -> Generator[bytes]:
        return self._blocks

    def close(self) -> None:
        """End the query, or close the file, and give the place back."""
        try:
            self._blocks.close()
        finally:
            self._place.leave()


def of_file(file: BinaryIO, place: Place) -> Blocks:
    """Return the blocks of an open file."""

    def blocks() -> Generator[bytes]:
        with file:
            yield from iter(lambda: file.read(BLOCK_BYTES), b"")

    return Blocks(blocks(), place, size=fstat(file.fileno()).st_size)


def columns_of(layer: Layer) -> dict[str, str]:
    """Return the properties of *layer*, with the features' id where none of them says it."""
    told = dict(layer.properties)
    return told if layer.id in told.values() else {"id": layer.id} | told


def geojson(layer: Layer, rows: QuerySet) -> Generator[bytes]:
    """Yield a FeatureCollection of *rows*: the features that the feed has, in no order."""
    question = encode.each(
        rows.order_by(), geometry=layer.geometry, properties=layer.properties, id=layer.id
    )
    yield b'{"type":"FeatureCollection","features":[\n'
    with closing(_copied(VERBATIM, question)) as blocks:
        yield next(blocks)[1:]  # each row begins with the comma after the last one
        yield from blocks
    yield b"]}\n"


def csv(layer: Layer, rows: QuerySet) -> Generator[bytes]:
    """Yield *rows* as CSV in UTF-8: the properties, then lon, lat, and of lines and areas wkt."""
    question = table.texts(rows.order_by(), geometry=layer.geometry, properties=columns_of(layer))
    yield BOM
    try:
        yield from _copied(CSV, question)
    except Exception:  # whatever it was
        yield CUT_OFF
        raise


STREAMS: dict[str, Callable[[Layer, QuerySet], Generator[bytes]]] = {"geojson": geojson, "csv": csv}


def _copied(command: str, question: table.Question) -> Generator[bytes]:
    """Yield what COPY sends, in blocks; closed early, it ends the query."""
    sql, params = question
    with transaction.atomic(), connection.cursor() as cursor:
        seconds = settings.RASD_EXPORT_SECONDS
        cursor.execute(f"SET LOCAL statement_timeout = {seconds * MILLISECONDS}")
        copy = cursor.mogrify(command.format(sql), params)  # takes no values beside it
        with _hung_up_after(seconds), cursor.copy(copy) as rows:
            gathered: list[memoryview] = []
            size = 0
            for row in rows:
                gathered.append(row)
                size += len(row)
                if size >= BLOCK_BYTES:
                    yield b"".join(gathered)
                    gathered, size = [], 0
            yield b"".join(gathered)


@contextmanager
def _hung_up_after(seconds: int) -> Iterator[None]:
    """Cut the line to the database after that time.

    Its own limit does not count while it waits for somebody to take what it has.
    """
    with socket.socket(fileno=dup(connection.connection.pgconn.socket)) as line:
        watch = Timer(seconds, line.shutdown, [socket.SHUT_RDWR])
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()
