"""Files of all distortions that the public sees, beside psql's COPY of the very same SQL.

Each way runs in a process of its own, in turn; the best of some rounds is told.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from os import getpid
from pathlib import Path
from time import perf_counter

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from bench.meter import cpu_seconds
from gis_app.exports import streams
from gis_app.exports.formats import FORMATS
from gis_app.exports.writing import write_file
from gis_app.geo import encode, table
from gis_app.layers import LAYERS

ROUNDS = 3
LAYER = LAYERS["distortions"]
MIB, KIB = 2**20, 2**10


def main(*, rounds: int = ROUNDS) -> None:
    """Print one line for each way."""
    ways = ["geojson psql", "geojson", "csv psql", "csv", "parquet", "fgb", "gpkg", "xlsx"]
    found: dict[str, list[dict]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            found[way].append(_in_a_process_of_its_own(way))
    print(f"{rows().count():,} distortions; the best of {rounds}")
    print(
        f"{'':13} {'wall s':>7} {'own cpu':>8} {'db cpu':>7} {'peak MiB':>9} {'+ MiB':>6} {'MB':>7}"
    )
    for way, each in found.items():
        best = min(each, key=lambda one: one["wall"])
        print(
            f"{way:13} {best['wall']:7.2f} {best['cpu']:8.2f} {best['database']:7.2f} "
            f"{best['peak']:9.0f} {best['more']:6.0f} {best['bytes'] / 1e6:7.1f}"
        )
    for streamed in ("geojson", "csv"):
        limit, ours = (
            min(one["wall"] for one in found[f"{streamed}{way}"]) for way in (" psql", "")
        )
        print(f"{streamed}: {limit / ours:.2f} of psql's own COPY")


def rows():
    """Return what is written: what the public sees."""
    return LAYER.rows(AnonymousUser(), {}).order_by()


def one(way: str) -> None:
    """Measure one way in this process and print its figures as JSON."""
    take = _way(way)
    database = _postmaster()
    before, cpu, other = _memory("VmRSS"), _own_cpu(), cpu_seconds(database)
    start = perf_counter()
    size = take()
    told = {
        "wall": perf_counter() - start,
        "cpu": _own_cpu() - cpu,
        "database": cpu_seconds(database) - other,
        "peak": _memory("VmHWM") / MIB,
        "more": (_memory("VmHWM") - before) / MIB,
        "bytes": size,
    }
    print(json.dumps(told))


def _in_a_process_of_its_own(way: str) -> dict:
    code = f"from bench.exports import one; one({way!r})"
    answer = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout.splitlines()[-1])


def _way(way: str) -> Callable[[], int]:
    """Return what writes the file and tells its size; all that it imports is imported already."""
    connection.ensure_connection()
    if way.endswith("psql"):
        return lambda: _by_psql(_copy(way.removesuffix(" psql")))
    if way in streams.STREAMS:
        return lambda: sum(map(len, streams.STREAMS[way](LAYER, rows())))
    from gis_app.exports import arrow  # noqa: F401, PLC0415

    return lambda: _to_a_file(way)


def _copy(format: str) -> str:
    """Return the COPY that a streamed file comes from, as it is sent."""
    told = {"geometry": LAYER.geometry, "properties": LAYER.properties}
    if format == "geojson":
        question, command = encode.each(rows(), id=LAYER.id, **told), streams.VERBATIM
    else:
        question, command = table.texts(rows(), **told), streams.CSV
    with connection.cursor() as cursor:
        return cursor.mogrify(command.format(question[0]), question[1])


def _by_psql(sql: str) -> int:
    """Let psql throw away what comes, as the streams here do; it does not say how much that was."""
    place = connection.get_connection_params()
    line = ["psql", "-X", "-q", "-h", place["host"], "-U", place["user"], "-d", place["dbname"]]
    subprocess.run(line, input=sql.encode(), stdout=subprocess.DEVNULL, check=True)
    return 0


def _to_a_file(format: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"bench.{format}"
        write_file(LAYER, rows(), FORMATS[format], path)
        return path.stat().st_size


def _postmaster() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('data_directory')")
        (folder,) = cursor.fetchone()
    return int((Path(folder) / "postmaster.pid").read_text().split()[0])


def _own_cpu() -> float:
    return cpu_seconds(getpid())


def _memory(name: str) -> int:
    """Return a line of this process's memory in bytes, from proc(5)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) * KIB
