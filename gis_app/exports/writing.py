"""Ordered files are written one after the other, however many workers there are.

The row is the truth, a job only says that it is time to look. A worker that dies is noticed by
its silence, and what it had in hand is written anew.
"""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F
from django.utils import timezone, translation

from gis_app.accounts.rights import rights_of
from gis_app.errors import Forbidden
from gis_app.exports.formats import Format
from gis_app.exports.models import Export, State
from gis_app.layers import Layer

logger = logging.getLogger(__name__)
SILENCE = timedelta(minutes=5)  # of a worker, after which it is held for dead
MOST_ATTEMPTS = 3
THE_WRITER = 0x52415344  # the key of a lock: whoever has it writes
HOUR = 3600  # seconds


def write_waiting() -> None:
    """Write all that is ordered; nothing where somebody is at it already."""
    with _the_only_one() as is_ours:
        while is_ours and (export := Export.objects.waiting().first()):
            _write_ordered(export)


def revive() -> None:
    """Order anew what a dead worker left behind; after some attempts it has failed."""
    silent = Export.objects.silent(since=timezone.now() - SILENCE)
    silent.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.FAILED, finished_at=timezone.now(), error="the worker ended each time"
    )
    silent.update(state=State.ORDERED)


def drop_expired() -> None:
    """Delete files whose time is over, also those that a crash left without a row."""
    for export in Export.objects.expired(timezone.now()):
        export.path.unlink(missing_ok=True)
        export.delete()
    too_old = time() - settings.RASD_EXPORT_HOURS * HOUR
    for path in settings.RASD_EXPORTS.glob("*"):
        if path.stat().st_mtime < too_old:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def write_file(layer: Layer, rows, format: Format, path: Path, *, tell=lambda count: None) -> None:
    """Write *rows* to *path*, and *tell* how many more are written."""
    # Not above: Arrow and GDAL would lengthen every start.
    from gis_app.exports import arrow  # noqa: PLC0415

    arrow.write(format.name, layer, rows, path, tell=tell)


@contextmanager
def _the_only_one() -> Iterator[bool]:
    """Whether nobody else writes until the end of the block; a killed worker's lock ends with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [THE_WRITER])
        (is_ours,) = cursor.fetchone()
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [THE_WRITER])


def _write_ordered(export: Export) -> None:
    _note(export, state=State.WRITING, attempts=F("attempts") + 1, rows_done=0)
    try:
        with translation.override(export.language):
            _write(export)
    except Exception as error:  # noqa: BLE001 (whatever it was, the next one is written)
        # Its own words may hold what was searched for.
        reason = type(error).__name__
        logger.warning("Export %s of %s could not be written: %s", export.pk, export, reason)
        _note(export, state=State.FAILED, finished_at=timezone.now(), error=reason)


def _write(export: Export) -> None:
    reader = export.by or AnonymousUser()
    if rights_of(reader) != export.rights:
        raise Forbidden
    rows = export.published.rows(reader, export.question)
    _note(export, rows_all=rows.order_by().count())
    root = settings.RASD_EXPORTS
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=root) as folder:
        path = Path(folder) / export.path.name
        write_file(
            export.published, rows, export.kind, path, tell=lambda count: _tell(export, count)
        )
        size = path.stat().st_size
        path.replace(export.path)  # nobody is given it before it is whole
    _note(export, state=State.READY, finished_at=timezone.now(), size_bytes=size)


def _tell(export: Export, count: int) -> None:
    _note(export, rows_done=export.rows_done + count)


def _note(export: Export, **facts) -> None:
    facts |= {"heard_at": timezone.now()}
    for name, value in facts.items():
        setattr(export, name, value)
    export.save(update_fields=[*facts])
