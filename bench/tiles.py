"""Vector tiles of the densest place at every zoom, the size of the cells, and what they cost a writer."""

import json
from itertools import chain
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from django.db import connection, transaction
from django.test import Client
from django.test.utils import override_settings

from gis_app.accounts.models import User
from gis_app.cells import ledger
from gis_app.cells.models import ALL, FINEST
from gis_app.distortions.models import Distortion

RUNS = 9
ZOOMS = range(6, 20)
QUESTIONS = ("", "element=pothole", "status=verified", "district=TAIF-001", "late=true")
DENSEST = f"""
    SELECT x, y FROM cells_cell WHERE level = {FINEST} AND element = {ALL}
    GROUP BY x, y ORDER BY sum(count) DESC LIMIT 1
"""
SIZES = """
    SELECT relname, reltuples::bigint, pg_relation_size(oid), pg_indexes_size(oid)
    FROM pg_class WHERE relname IN ('cells_cell', 'cells_delta', 'distortions_distortion')
"""
# One column that the cells look at, one that they do not.
WRITES = {
    "status": "UPDATE distortions_distortion SET status = 'accepted' WHERE id = %s",
    "severity": "UPDATE distortions_distortion SET severity = 3 WHERE id = %s",
}
MEBIBYTE = 2**20


def main() -> None:
    """Print tiles, sizes, and the milliseconds that triggers and folding take."""
    print(f"{Distortion.objects.count():,} distortions; medians of {RUNS} runs after one")
    with override_settings(DEBUG=False, SECURE_SSL_REDIRECT=False, ALLOWED_HOSTS=["*"]):
        for question in QUESTIONS:
            tell_tiles(Client(), question)
        planner = Client()
        planner.force_login(User.objects.get(username="planner"))
        tell_tiles(planner, "", who="planner")
    tell_sizes()
    tell_writes()


def tell_tiles(client: Client, question: str, *, who: str = "public") -> None:
    """Print for each zoom the milliseconds, how many were our work, PostgreSQL's; and kilobytes."""
    with connection.cursor() as cursor:
        cursor.execute(DENSEST)
        x, y = cursor.fetchone()
    print(f"\n{who} {question}\n zoom      ms    ours PostgreSQL    KB")
    for zoom in ZOOMS:
        up = FINEST - zoom
        address = f"/tiles/distortions/{zoom}/{x >> up}/{y >> up}.mvt?{question}"
        answer = client.get(address)
        runs = [measured(client, address) for _ in range(RUNS)]
        wall, cpu, database = (median(column) for column in zip(*runs, strict=True))
        capped = answer.get("Rasd-Capped", "")
        size = len(answer.content) / 1024
        print(f"{zoom:5d} {wall:7.1f} {cpu:7.1f} {database:10.1f} {size:7.1f}  {capped}")


def measured(client: Client, address: str) -> tuple[float, float, float]:
    """Return the milliseconds of one answer: all, this process's own, and PostgreSQL's own."""
    start, worked, served = perf_counter(), process_time(), database_seconds()
    client.get(address)
    taken = (perf_counter() - start, process_time() - worked, database_seconds() - served)
    return tuple(1000 * seconds for seconds in taken)


def database_seconds() -> float:
    """Return the seconds of processor time that our connection has had; 0 on another machine."""
    status = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(status.read_text().split()[0]) / 1e9 if status.exists() else 0.0


def tell_sizes() -> None:
    """Print rows and mebibytes of the cells beside those of the distortions."""
    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        print("\ntable                          rows     MiB  indexes")
        for name, rows, table, indexes in cursor.fetchall():
            print(f"{name:22s} {rows:12,d} {table / MEBIBYTE:7.0f} {indexes / MEBIBYTE:8.0f}")


def tell_writes() -> None:
    """Print what the triggers on distortions take of one UPDATE, and folding of a thousand."""
    print()
    keys = list(Distortion.objects.filter(status="verified").values_list("pk", flat=True)[:1000])
    for name, statement in WRITES.items():
        with transaction.atomic(), connection.cursor() as cursor:
            times = [trigger_ms(cursor, statement, key) for key in keys[: 10 * RUNS]]
            transaction.set_rollback(True)
        print(f"trigger, {name:9s} {median(chain.from_iterable(times)):7.3f} ms")
    with transaction.atomic():
        Distortion.objects.filter(pk__in=keys).update(status="reopened")
        start = perf_counter()
        ledger.fold()
        print(f"fold of {len(keys)} moves {1000 * (perf_counter() - start):7.0f} ms")
        transaction.set_rollback(True)


def trigger_ms(cursor, statement: str, key: int) -> list[float]:
    """Return what each trigger that the cells have took of *statement*."""
    cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", [key])
    (found,) = cursor.fetchone()
    (plan,) = json.loads(found) if isinstance(found, str) else found
    return [one["Time"] for one in plan["Triggers"] if one["Trigger Name"].startswith("cells_")]
