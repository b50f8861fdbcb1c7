"""A row lands once: in a second run, after a stop at any place, and not at all in a dry run."""

from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_app.distortions.models import Distortion, Report, Step
from gis_app.imports import actions, tables
from gis_app.imports.models import Import
from tests.imports.files import Run, at, row

WORDS = ["New", "Open", "With a team", "Closed", "Checked", "Rejected", "Passed on"]
ROWS = [
    row(
        number,
        status=WORDS[number % len(WORDS)],
        kind="Flood" if number % 5 == 3 else "Graffiti removal",
        opened=at(number % 3),
    )
    for number in range(1, 31)
]


class Stopped(Exception):
    """The power went off."""


@contextmanager
def stopped(monkeypatch, *, after: int, before_commit: bool):
    """Let a run end after so many chunks: right behind a commit, or right before it."""
    land, left = actions._Landing.land, [after]

    def landing(self, chunk):
        if not left[0] and not before_commit:
            raise Stopped
        land(self, chunk)

    def save(self, **options):
        if not left[0] and before_commit and self.rows:
            raise Stopped
        left[0] -= bool(self.rows)
        super(Import, self).save(**options)

    with monkeypatch.context() as patch:
        patch.setattr(actions._Landing, "land", landing)
        patch.setattr(Import, "save", save)
        with pytest.raises(Stopped):
            yield


def landed() -> dict[str, list[str]]:
    """The moves of each report by its number in the other system."""
    return {
        report.external_number: [step.move for step in report.distortion.steps.order_by("pk")]
        for report in Report.objects.select_related("distortion")
    }


@pytest.mark.django_db
def test_a_second_run_changes_nothing(city, tmp_path):
    first = Run(tmp_path, ROWS)
    before = landed(), Step.objects.count()

    again = Run(tmp_path, ROWS)

    assert (landed(), Step.objects.count()) == before
    assert (again.count("Landed"), again.count("Already there")) == (0, first.count("Landed"))
    assert again.reasons == first.reasons
    call_command("recount", check=True)


@pytest.mark.django_db
def test_what_landed_stays_there_also_when_it_would_be_refused_by_now(city, tmp_path):
    Run(tmp_path, [row()])

    again = Run(tmp_path, [row(kind="Flood", lon="")])

    assert (again.count("Already there"), again.refused) == (1, [])


@pytest.mark.django_db
def test_a_dry_run_tells_what_a_run_would_do_and_stores_nothing(city, tmp_path):
    dry = Run(tmp_path, ROWS, "--dry-run")
    told, refused = dry.said, dry.refused
    assert not any(model.objects.exists() for model in (Distortion, Report, Step, Import))

    real = Run(tmp_path, ROWS)

    assert told == f"{real.said}A dry run: nothing was stored.\n"
    assert refused == real.refused


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before_commit", [False, True])
@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_stopped_run_goes_on_behind_its_last_chunk(
    city, tmp_path, monkeypatch, after, before_commit
):
    monkeypatch.setattr(tables, "ROWS", 7)
    with stopped(monkeypatch, after=after, before_commit=before_commit):
        Run(tmp_path, ROWS)
    assert Report.objects.count() < 24

    run = Run(tmp_path, ROWS, "--resume")

    assert (run.count("Read"), run.count("Landed"), run.count("Refused")) == (30, 24, 6)
    assert [int(line["Row"]) for line in run.refused] == [3, 8, 13, 18, 23, 28]
    assert len(landed()) == 24
    call_command("recount", check=True)


@pytest.mark.django_db
def test_a_run_that_was_not_stopped_cannot_go_on(city, tmp_path):
    Run(tmp_path, ROWS)

    with pytest.raises(CommandError, match="No run over this file with this mapping was stopped"):
        Run(tmp_path, ROWS, "--resume")


@pytest.mark.django_db(transaction=True)
def test_a_run_goes_on_only_with_the_file_of_its_refused_rows(city, tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "ROWS", 7)
    with stopped(monkeypatch, after=2, before_commit=False):
        Run(tmp_path, ROWS)
    (tmp_path / "bad.csv").unlink()

    with pytest.raises(CommandError, match="does not hold the rows that the stopped run refused"):
        Run(tmp_path, ROWS, "--resume")


@pytest.mark.django_db
def test_refused_rows_never_overwrite_what_is_read(city, tmp_path):
    run = Run(tmp_path, ROWS)

    with pytest.raises(CommandError, match="need a file of their own"):
        call_command("import_reports", run.path, mapping=tmp_path / "mapping.toml", bad=run.path)


@pytest.mark.django_db
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(size=st.integers(1, 31))
def test_chunks_of_any_size_land_the_same(city, tmp_path, monkeypatch, size):
    with monkeypatch.context() as patch:
        patch.setattr(tables, "ROWS", size)

        run = Run(tmp_path, ROWS, "--dry-run")

    assert (run.count("Landed"), run.count("Refused")) == (24, 6)


@pytest.mark.django_db
def test_the_database_is_asked_as_often_for_many_rows_as_for_few(
    city, tmp_path, django_assert_max_num_queries
):
    with django_assert_max_num_queries(200) as few:
        Run(tmp_path, [row(number, status=word) for number, word in enumerate(WORDS)])
    many = [row(number, status=WORDS[number % len(WORDS)]) for number in range(100, 500)]

    with django_assert_max_num_queries(len(few)):
        Run(tmp_path, many)
