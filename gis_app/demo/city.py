"""A believable city of any size, the same for the same seed: made in batches, by COPY."""

from contextlib import contextmanager, nullcontext
from datetime import date, datetime, time, timedelta

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from tqdm import tqdm

from gis_app import columns
from gis_app.cells import ledger as cells
from gis_app.demo import seasons
from gis_app.demo.batch import make_batch
from gis_app.demo.people import refuse_unless_demo_allowed
from gis_app.demo.world import read_world
from gis_app.demo.writing import Writer
from gis_app.distortions.models import Distortion, Report
from gis_app.distortions.steps import Step, StepText
from gis_app.progress import ledger

BATCH = 10_000
MANY = 50_000  # from here on it is quicker to index and to count afterwards
MERGED = 0.025  # share of distortions that turn out to be another one


@transaction.atomic
def make_city(*, distortions: int, years: float, seed: int, until: date) -> None:
    """Add *distortions* with their reports and lives in the *years* before the day *until*.

    The same seed on the same districts gives the same city, but for keys, numbers and tokens.
    Nobody should work in the database meanwhile: numbers are taken from it in blocks.
    """
    refuse_unless_demo_allowed()
    midnight = timezone.make_aware(datetime.combine(until, time.min))
    zone = (midnight.utcoffset() or timedelta()).total_seconds()
    end = midnight.timestamp()
    rng = np.random.default_rng(seed)
    world = read_world(day=until, rng=rng)
    merged = round(distortions * MERGED)
    first_at = seasons.moments(distortions - merged, until=end, years=years, zone=zone, rng=rng)
    batches = -(-distortions // BATCH)
    doubled = np.diff(np.linspace(0, merged, batches + 1).round().astype(int))
    writer = Writer(world, until=end, rng=rng)
    tables = (Distortion, Report, Step, StepText)
    with (
        connection.cursor() as cursor,
        _in_bulk(*tables) if distortions >= MANY else nullcontext(),
        tqdm(total=distortions, unit="", disable=None) as bar,
    ):
        # What is left to check is checked after each COPY: all at the end would fill the memory.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for times, doubles in zip(np.array_split(first_at, batches), doubled, strict=True):
            batch = make_batch(world, times, merged=doubles, until=end, zone=zone, rng=rng)
            writer.write(batch)
            bar.update(len(batch.cases))
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


@contextmanager
def _in_bulk(*tables):
    """Build indexes and make the kept cells and totals at the end, all at once."""
    with ledger.bulk(), cells.bulk(), columns.built_afterwards(*tables):
        yield
