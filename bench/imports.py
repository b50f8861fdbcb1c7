"""Import of a file with whole histories, beside a bare COPY of the same rows when they are ready."""

import csv
from argparse import Namespace
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from os import getpid
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from django.db import connection, transaction
from django.db.models import GeneratedField, Model

from bench.meter import cpu_seconds
from bench.places import Places
from bench.report import Table
from gis_app.distortions.models import Distortion, Report, Step, StepText
from gis_app.imports.actions import import_reports
from gis_app.treatment.models import Team, Visit

ROWS, ROUNDS = 100_000, 3
# What an import writes, in the order in which it can be written, and which of it is new.
NEW: dict[type[Model], str] = {
    Distortion: "id > {after}",
    Report: "distortion_id > {after}",
    Step: "distortion_id > {after}",
    StepText: "step_id IN (SELECT id FROM distortions_step WHERE distortion_id > {after})",
    Visit: "distortion_id > {after}",
}
ELEMENTS = ("pothole", "graffiti", "waste_container", "street_light", "abandoned_vehicle")
WORDS = ("New", "Open", "At work", "Rejected", *["Closed"] * 3, *["Checked"] * 8)
HEAD = ("id", "kind", "status", "opened", "accepted", "assigned", "started", "closed", "lon", "lat")
MAPPING = """
source = {{way = "body", id = "id", id_prefix = "BENCH-"}}
place = {{crs = "EPSG:4326", lon = "lon", lat = "lat"}}
element = {{column = "kind"}}
team = {{default = "{team}"}}
text = {{description = "kind", place_note = "status"}}
[status]
column = "status"
[status.values]
New = "reported"
Open = "accepted"
"At work" = "in_progress"
Rejected = "rejected"
Closed = "closed"
Checked = "verified"
[moments]
opened = "opened"
accepted = "accepted"
assigned = "assigned"
started = "started"
closed = "closed"
"""


def imports(asked: Namespace, headers: dict[str, str]) -> Table:
    """Return what both take, in turn; nothing of it stays."""
    with TemporaryDirectory() as folder:
        here = Path(folder)
        path, mapping = _made(here)
        ours, bare = [], []
        last = Distortion.objects.latest("pk").pk
        for _ in range(ROUNDS):
            with rolled_back():
                ours.append(cost(lambda: imported(path, mapping, here)))
                steps = kept(here, last)
            with rolled_back():
                bare.append(cost(lambda: copied(here)))
    rows = [
        [name, way, *(f"{median(round_[part] for round_ in rounds):.1f}" for part in range(3))]
        for name, way, rounds in (
            (f"**{ROWS:,} rows, {steps:,} steps**; ≤ 4 × bare", "ours", ours),
            ("", "bare COPY", bare),
        )
    ]
    ratio = median(sum(one[1:]) for one in ours) / median(sum(one[1:]) for one in bare)
    return Table(
        "Import of whole histories",
        ["job", "way", "wall s", "CPU s, Python", "CPU s, PostgreSQL"],
        rows,
        note=f"Ours takes {ratio:.2f} × the CPU of the bare COPY into the same tables, with the same "
        "indexes, constraints and triggers.",
    )


def _made(here: Path) -> tuple[Path, Path]:
    """Write a file of as many reports in the streets of the city that is there."""
    dice = Random(1)
    path, mapping = here / "reports.csv", here / "mapping.toml"
    now = datetime.now(UTC)
    with path.open("w", newline="") as opened:
        sheet = csv.writer(opened)
        sheet.writerow(HEAD)
        for number, (lon, lat) in enumerate(islice(Places().spots(), ROWS)):
            at = now - timedelta(minutes=dice.randint(100_000, 1_500_000))
            moments = [at + timedelta(hours=hours) for hours in (0, 20, 30, 50, 90)]
            sheet.writerow(
                [
                    number,
                    dice.choice(ELEMENTS),
                    dice.choice(WORDS),
                    *(f"{moment:%Y-%m-%d %H:%M:%S}" for moment in moments),
                    lon,
                    lat,
                ]
            )
    mapping.write_text(MAPPING.format(team=Team.objects.filter(is_active=True)[0].code))
    return path, mapping


def imported(path: Path, mapping: Path, here: Path) -> None:
    import_reports(path=path, mapping=mapping, refused=here / "refused.csv", by=None)


def copied(here: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in NEW:
            with (
                (here / model.__name__).open("rb") as rows,
                cursor.copy(f"COPY {model._meta.db_table} ({_columns(model)}) FROM STDIN") as sink,
            ):
                while block := rows.read(1 << 20):
                    sink.write(block)


def kept(here: Path, after: int) -> int:
    """Keep the rows of all distortions *after* that key as they are; return how many steps."""
    with connection.cursor() as cursor:
        for model, condition in NEW.items():
            where = condition.format(after=after)
            with (
                (here / model.__name__).open("wb") as file,
                cursor.copy(
                    f"COPY (SELECT {_columns(model)} FROM {model._meta.db_table} WHERE {where} "
                    f"ORDER BY {model._meta.pk.column}) TO STDOUT"
                ) as source,
            ):
                for block in source:
                    file.write(block)
    return Step.objects.filter(distortion__gt=after).count()


def _columns(model: type[Model]) -> str:
    names = [
        field.column
        for field in model._meta.concrete_fields
        if not isinstance(field, GeneratedField)
    ]
    return ", ".join(names)


def cost(work: Callable[[], None]) -> tuple[float, float, float]:
    """Return seconds on the wall, of Python's CPU and of PostgreSQL's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    ours, theirs, start = cpu_seconds(getpid()), cpu_seconds(backend), perf_counter()
    work()
    wall = perf_counter() - start
    return wall, cpu_seconds(getpid()) - ours, cpu_seconds(backend) - theirs


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")


def main() -> None:
    print(imports(Namespace(), {}))
