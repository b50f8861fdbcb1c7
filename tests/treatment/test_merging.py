"""Merging, whatever happens in the same moment: reports and photos land where they belong."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from gis_app.distortions.actions import submit
from gis_app.distortions.gathering import counts
from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.errors import Refused
from gis_app.treatment.actions import make_move
from tests import factories

ROUNDS = range(3)  # what happens first is chance: it is asked more than once
counted = pytest.mark.django_db
at_the_same_time = pytest.mark.django_db(transaction=True)


def at_once(*deeds) -> list[str]:
    """Do all in the same moment, each on a connection of its own; return who was refused, and why."""
    ready = Barrier(len(deeds))

    def done(deed) -> str:
        ready.wait()
        try:
            deed()
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(done, deeds))


def merging(found: Distortion, into: Distortion):
    by = factories.staff("triage")
    return lambda: make_move("merge", number=found.number, id=uuid4(), by=by, into=into.number)


def moving(found: Distortion, name: str):
    by = factories.staff("triage")
    return lambda: make_move(name, number=found.number, id=uuid4(), by=by)


def joining(found: Distortion):
    report = found.reports.get()
    facts = {"element": "graffiti", "geometry": report.geometry, "observed_at": report.observed_at}
    return lambda: submit(
        id=uuid4(), by=AnonymousUser(), same_as=found.number, client=f"{found}", **facts
    )


def check_counts() -> None:
    """Every distortion counts the reports that are with it, and none is lost."""
    for row in Distortion.objects.all():
        assert {"reports_count": row.reports_count, "supporters_count": row.supporters_count} == (
            counts(row)
        )
        assert row.version == row.steps.count()


@at_the_same_time
@pytest.mark.parametrize("_round", ROUNDS)
def test_two_opposite_merges_end_as_one(city, _round):
    one, other = factories.distortion(), factories.distortion()

    said = at_once(merging(one, other), merging(other, one))

    assert "done" in said
    assert Distortion.objects.filter(status="merged").count() == 1
    check_counts()


@at_the_same_time
@pytest.mark.parametrize("_round", ROUNDS)
def test_the_survivor_can_be_moved_meanwhile(city, _round):
    one, survivor = factories.distortion(), factories.distortion()

    said = at_once(merging(one, survivor), moving(survivor, "accept"))

    survivor.refresh_from_db()
    assert said == ["done", "done"]
    assert (survivor.status, survivor.reports_count) == ("accepted", 2)
    check_counts()


@at_the_same_time
@pytest.mark.parametrize("_round", ROUNDS)
def test_whoever_joins_what_is_being_merged_joins_the_survivor(city, _round):
    # The survivor is the older one: its lock comes first in a merge, and last in a join.
    survivor, one = factories.distortion(), factories.distortion()

    said = at_once(merging(one, survivor), joining(one), joining(survivor))

    survivor.refresh_from_db()
    assert said == ["done"] * 3
    assert survivor.reports_count == 4
    check_counts()


@at_the_same_time
@pytest.mark.parametrize("_round", ROUNDS)
def test_a_chain_of_merges_loses_nothing(city, _round):
    first, second, third = (factories.distortion() for _ in range(3))

    said = at_once(merging(second, third), merging(first, second), joining(first))

    assert said.count("done") >= 2
    assert Report.objects.filter(distortion__status="merged").count() == 0
    assert Report.objects.count() == 4
    check_counts()


@counted
def test_a_slow_phone_s_photo_follows_its_report(city):
    one, survivor = factories.distortion(), factories.distortion()
    report = one.reports.select_related("distortion").get()
    factories.move("merge", one, into=survivor.number)

    photo = factories.photo(report=report)  # it still holds what it read before the merge

    assert photo.distortion == survivor
    factories.move("unmerge", one)
    photo.refresh_from_db()
    assert photo.distortion == one


@counted
def test_the_photos_of_both_are_together_and_come_back(city):
    one, survivor = factories.distortion(), factories.distortion()
    mine, theirs = (factories.photo(report=row.reports.get()) for row in (one, survivor))

    factories.move("merge", one, into=survivor.number)
    together = set(Photo.objects.about(survivor))
    factories.move("unmerge", one)

    assert together == {mine, theirs}
    assert set(Photo.objects.about(survivor)) == {theirs}


@counted
def test_a_merge_in_the_middle_of_a_chain_is_undone_from_its_end(city):
    first, second, third = (factories.distortion() for _ in range(3))
    factories.move("merge", first, into=second.number)
    factories.move("merge", second, into=third.number)

    with pytest.raises(Refused):
        factories.move("unmerge", first)
    factories.move("unmerge", second)
    factories.move("unmerge", first)

    assert [row.reports.count() for row in (first, second, third)] == [1, 1, 1]
    check_counts()
