"""A file of another system comes in: whole histories, each once, whatever happens meanwhile."""

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from tqdm import tqdm

from gis_app.accounts.rights import registrars_only
from gis_app.distortions.models import Distortion, Report, Step, StepText
from gis_app.distortions.record import in_turn
from gis_app.errors import Refused
from gis_app.imports.city import City
from gis_app.imports.lives import WITH_TEAM
from gis_app.imports.mapping import Mapping, read_mapping
from gis_app.imports.models import Import
from gis_app.imports.reading import Reader, Told
from gis_app.imports.reasons import Reason, Sieve
from gis_app.imports.refused import RefusedRows
from gis_app.imports.survey import Survey
from gis_app.imports.tables import Chunk, Table, digest, open_table
from gis_app.imports.writing import Writer, districts_of
from gis_app.places.queries import NOWHERE


def import_reports(
    *,
    path: Path,
    mapping: Path,
    refused: Path,
    by,
    resume: bool = False,
    dry_run: bool = False,
) -> Import:
    """Land the good rows of the file at *path*, as *mapping* reads them; return what became of all.

    Each row lands once, however often its file comes. The refused ones are written to *refused*.
    A run that was stopped goes on behind its last chunk with *resume*. A *dry_run* does the same
    and stores nothing.
    """
    registrars_only(by)
    if refused.exists() and any(refused.samefile(read) for read in (path, mapping)):
        raise Refused("The refused rows need a file of their own.")
    words = read_mapping(mapping)
    table = open_table(path, words.file)
    _check_columns(table, words)
    # A dry run is one transaction, so that later chunks find what earlier ones did.
    with transaction.atomic() if dry_run else nullcontext():
        run = _begin(path, mapping, words, refused=refused, by=by, resume=resume)
        _run(run, table, words, refused, by=by)
        if dry_run:
            transaction.set_rollback(True)
        else:
            _analyze()
    return run


@dataclass
class _Landing:
    """What every chunk of a run needs."""

    run: Import
    survey: Survey
    reader: Reader
    writer: Writer
    refused: RefusedRows
    city: City

    @transaction.atomic
    def land(self, chunk: Chunk) -> None:
        """Land the good rows of *chunk*, and keep in the same transaction that it was done."""
        in_turn(f"import {self.run.source}")
        with connection.cursor() as cursor:
            # So that what cannot be is known at once; in a dry run there is no commit to tell.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        sieve = Sieve(len(chunk))
        told = self.reader.read(chunk, sieve, twice=self.survey.twice(chunk))
        district = self._districts(told, sieve)
        self.writer.write(told.only(sieve.good), district[sieve.good])
        self.refused.write(chunk, sieve)
        self.run.rows += len(chunk)
        self.run.outcomes = dict(Counter(self.run.outcomes) + sieve.counted())
        self.run.refused_bytes = self.refused.length
        self.run.save()

    def _districts(self, told: Told, sieve: Sieve) -> np.ndarray:
        """Return the district of each good row, as a key; its team must be of the same amana."""
        good = sieve.good
        district = np.full(len(good), NOWHERE)
        district[good] = districts_of(told.shapes[good])
        sieve.settle(district == NOWHERE, Reason.OUTSIDE)
        amana = np.array(
            [self.city.amanas[key].pk if key else NOWHERE for key in district.tolist()]
        )
        teams = self.city.amana_of_team
        theirs = np.array([teams.get(key, NOWHERE) for key in told.team.tolist()])
        sieve.settle(np.isin(told.status, WITH_TEAM) & (theirs != amana), Reason.OTHER_TEAM)
        return district


def _run(run: Import, table: Table, words: Mapping, refused: Path, *, by) -> None:
    now = timezone.now()
    survey = Survey(table, words)
    city = City(words, today=timezone.localdate(now))
    reader = Reader(words, city, system=table.system, crowded=survey.crowded, now=now.timestamp())
    with (
        RefusedRows(refused, table, kept=run.refused_bytes) as rows,
        tqdm(total=survey.rows, initial=run.rows, unit=" rows", disable=None) as bar,
    ):
        writer = Writer(city, source=words.source.way, by=by, now=now)
        landing = _Landing(run, survey, reader, writer, rows, city)
        for chunk in table.chunks(after=run.rows):
            landing.land(chunk)
            bar.update(len(chunk))
    run.finished_at = timezone.now()
    run.save()


def _begin(path: Path, mapping: Path, words: Mapping, *, refused: Path, by, resume: bool) -> Import:
    """Return the run of this file and mapping that was stopped, or a new one."""
    same = digest(path, mapping)
    unfinished = Import.objects.filter(digest=same, finished_at=None)
    if resume:
        stopped = unfinished.first()
        if stopped is None:
            raise Refused("No run over this file with this mapping was stopped.")
        if stopped.refused_bytes > (refused.stat().st_size if refused.exists() else 0):
            raise Refused(f"{refused} does not hold the rows that the stopped run refused.")
        return stopped
    unfinished.delete()
    return Import.objects.create(
        digest=same, file=path.name, source=words.source.way, by=by, started_at=timezone.now()
    )


def _check_columns(table: Table, words: Mapping) -> None:
    missing = sorted(words.columns - set(table.names))
    if missing:
        raise Refused(
            f"The file has no column “{missing[0]}”. Its columns: {', '.join(table.names)}"
        )


def _analyze() -> None:
    """Tell the planner of what came: it would go on as if the tables were small."""
    with connection.cursor() as cursor:
        for model in (Distortion, Report, Step, StepText):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
