"""The kept totals: whoever writes is counted, and a recount from the steps gives the same, any day."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from itertools import chain, repeat
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gis_app.distortions.models import Distortion
from gis_app.distortions.status import Status
from gis_app.errors import Refused
from gis_app.places.models import District
from gis_app.progress import ledger
from gis_app.progress.areas import by_team
from gis_app.progress.figures import progress
from gis_app.progress.measures import BUCKETS, WITHIN, bucket_begins, percentile
from gis_app.progress.models import Coming, Delta, DistrictBalance
from gis_app.progress.version import version
from gis_app.treatment.workflow import MOVES
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db
DAYS = 40
SOMEBODY_WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"


def days_ago(days: float):
    return timezone.now() - timedelta(days=days)


def naive(day) -> Counter:
    """Count each distortion under its last step until the end of *day*, one by one."""
    found: Counter = Counter()
    for distortion in Distortion.objects.all():
        step = distortion.steps.filter(day__lte=day).order_by("pk").last()
        if step:
            found[step.to_district.code, step.to_status] += 1
    return found


class TotalsAreTheHistory(TestCase):
    """Whatever happens, in whatever order it is told, at every date."""

    @settings(max_examples=15, derandomize=True, deadline=None)
    @given(
        events=st.lists(
            st.tuples(
                st.integers(0, 3),
                st.sampled_from([*sorted(MOVES), "fold", "border"]),
                st.floats(0, DAYS),
            ),
            max_size=16,
        ),
        asked=st.lists(st.integers(0, DAYS + 2), min_size=3, max_size=3),
    )
    def test_recount_at_any_date(self, events, asked):
        for column in range(2):
            factories.district(f"TAIF-00{column}", column=column)
        cases = [
            factories.distortion(observed_at=days_ago(DAYS - 9 * n), **inside(n % 2))
            for n in range(4)
        ]
        for which, name, ago in events:
            with suppress(Refused):  # it does not start there, or happened before the last one
                happen(name, cases[which], at=days_ago(ago))

        assert ledger.differences() == []
        for ago in asked:
            day = timezone.localdate(days_ago(ago))
            counted, shown = naive(day), progress({"as_of": str(day)})
            for district in shown.districts:
                for status in (Status.REPORTED, Status.TREATED, Status.VERIFIED, Status.MERGED):
                    assert getattr(district, status) == counted[district.code, status]


def happen(name: str, found: Distortion, *, at) -> None:
    match name:
        case "fold":
            ledger.fold()
        case "border":
            other = District.objects.exclude(pk=found.district_id).first()
            factories.move("correct", found, district=other.code, at=at)
        case "correct":
            factories.move(name, found, quantity=7, at=at)
        case _:
            factories.move(name, found, at=at)


def test_what_is_not_folded_yet_is_counted_too(city):
    factories.distortion("verified")
    waiting = progress({}).totals.published()

    ledger.fold()

    assert not Delta.objects.exists()
    assert progress({}).totals.published() == waiting
    assert waiting["verified"] == 1


def test_steps_that_sql_writes_are_counted(city):
    found = factories.distortion("accepted")
    last = found.steps.latest("pk")

    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO distortions_step (
                distortion_id, uuid, move, at, recorded_at, day, from_status, to_status,
                from_district_id, to_district_id, from_element_id, to_element_id,
                differences, content_hash
            )
            SELECT distortion_id, gen_random_uuid(), 'reject', now(), now(), %s, to_status,
                   'rejected', to_district_id, to_district_id, to_element_id, to_element_id, '{}', ''
            FROM distortions_step WHERE id = %s
            """,
            [timezone.localdate(), last.pk],
        )

    totals = progress({}).totals
    assert (totals.open, totals.rejected) == (0, 1)


def test_a_quiet_day_keeps_the_balance_of_the_day_before(city):
    factories.distortion("accepted", observed_at=days_ago(30))
    ledger.fold()

    for ago in (29, 15, 1):
        day = timezone.localdate(days_ago(ago))
        assert progress({"as_of": str(day)}).totals.reported == 1


def test_what_becomes_late_is_late_from_that_day_on(city):
    found = factories.distortion("accepted", observed_at=days_ago(60))
    step = found.steps.latest("pk")
    assert step.late_at > timezone.now()

    ledger.fold()

    assert progress({}).totals.late == 0
    assert Coming.objects.get().day == timezone.localdate(step.late_at)


def test_a_fold_changes_no_version_and_a_step_does(city):
    found = factories.distortion("accepted")
    before = version()

    ledger.fold()
    assert version() == before

    factories.move("assign", found)
    assert version() != before


def test_a_team_has_what_it_was_given_and_what_it_did(city):
    for status in ("assigned", "treated", "verified"):
        factories.distortion(status)

    (told,) = by_team({"from": str(timezone.localdate())})

    assert (told.open, told.treated, told.verified) == (1, 1, 1)
    assert told.happened.counts["treat"] == 2


def test_the_check_is_silent_where_all_is_right_and_fails_where_a_total_was_touched(city, capsys):
    factories.distortion("verified")
    call_command("recount", check=True)

    DistrictBalance.objects.update(counts=[7] * len(DistrictBalance.objects.first().counts))
    with pytest.raises(CommandError):
        call_command("recount", check=True)

    call_command("recount")
    call_command("recount", check=True)
    assert progress({}).totals.verified == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_writes_waits_for_no_fold(city):
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "LOCK TABLE progress_folded IN SHARE ROW EXCLUSIVE MODE"
            )  # as a fold does
            with connection.cursor() as mine:
                mine.execute("SET lock_timeout = '2s'")
            factories.distortion("accepted")
            assert progress({}).totals.open == 1
            cursor.execute("ROLLBACK")
            with connection.cursor() as mine:
                mine.execute("RESET lock_timeout")
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_a_fold_that_waits_for_a_rebuild_is_not_in_its_way(city):
    factories.distortion("accepted")
    rebuilding = connections["default"].copy()
    folding = Thread(target=_fold_elsewhere)
    try:
        with rebuilding.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute("LOCK TABLE progress_folded IN SHARE ROW EXCLUSIVE MODE")
            folding.start()
            cursor.execute(SOMEBODY_WAITS)
            while not cursor.fetchone()[0]:
                cursor.execute(SOMEBODY_WAITS)

            cursor.execute("TRUNCATE progress_delta")

            cursor.execute("ROLLBACK")
    finally:
        rebuilding.close()
        folding.join()
    assert not Delta.objects.exists()


def _fold_elsewhere() -> None:
    ledger.fold()
    connection.close()


def test_a_fold_that_midnight_overtakes_counts_everything_once(city, monkeypatch):
    found = factories.distortion("accepted", observed_at=days_ago(60))
    due = timezone.localdate(found.steps.latest("pk").late_at)
    clock = chain([due - timedelta(days=1)] * 3, repeat(due))
    monkeypatch.setattr(timezone, "localdate", lambda: next(clock))

    ledger.fold()

    monkeypatch.setattr(timezone, "localdate", lambda: due)
    assert ledger.differences() == []


def test_a_clock_that_is_ahead_writes_what_waits_for_its_day(city, monkeypatch):
    factories.distortion("treated")
    today = timezone.localdate()
    monkeypatch.setattr(timezone, "localdate", lambda: today - timedelta(days=1))
    for count in (ledger.fold, ledger.rebuild):
        count()
        assert not Coming.objects.filter(day=today).exists()
        assert ledger.differences() == []

    monkeypatch.setattr(timezone, "localdate", lambda: today)
    ledger.fold()

    assert ledger.differences() == []
    assert DistrictBalance.objects.filter(day=today).exists()


@pytest.mark.parametrize(("hours", "share"), [([3.0] * 5, 0.5), ([1, 10, 100, 1000], 0.9)])
def test_a_percentile_is_no_farther_off_than_it_says(hours, share):
    begins = [bucket_begins(n) for n in range(BUCKETS)]
    histogram = [0] * BUCKETS
    for one in hours:
        histogram[max(n for n in range(BUCKETS) if begins[n] <= one)] += 1
    exact = sorted(hours)[int(share * len(hours))]

    assert percentile(histogram, share) == pytest.approx(exact, rel=WITHIN)


def test_a_percentile_of_nothing_is_unknown():
    assert percentile([0] * BUCKETS, 0.5) is None
