"""The kept cells are a recount of the rows, at every level, whatever happened and however."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.contrib.gis.geos import LineString
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_app.cells import ledger
from gis_app.cells.models import ALL, COARSEST, FINEST, Cell, Delta
from gis_app.distortions.models import Distortion
from gis_app.errors import Refused
from gis_app.geo import crs
from gis_app.treatment.actions import make_move
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db
SUMS = ("count", "sum_x", "sum_y", "sum_pk")
ELEMENTS = ("graffiti", "pothole", "street_vendor")  # the places of the last are private
spots = st.sampled_from([0.1, 0.1004, 0.5, 0.9])
turns = st.integers(0, 9)
deeds = st.one_of(
    st.tuples(st.just("report"), st.sampled_from(ELEMENTS), spots),
    st.tuples(st.just("move"), st.sampled_from(["accept", "reject", "assign", "treat"]), turns),
    st.tuples(st.just("correct"), st.sampled_from(ELEMENTS[:2]), turns),
    st.tuples(st.just("shift"), spots, turns),
    st.tuples(st.just("merge"), turns, turns),
    st.tuples(st.just("fold"), turns, turns),
)


def recounted() -> dict:
    """Every cell of every level, counted row by row in Python."""
    found: dict[tuple, Counter] = {}
    for row in Distortion.objects.all():
        place = row.public_geometry.centroid
        x, y = (int(part * 2**32) for part in crs.to_world(lon=place.x, lat=place.y))
        for level in range(COARSEST, FINEST + 1):
            for element in (ALL, row.element_id):
                key = (level, element, x >> 32 - level, y >> 32 - level, row.status)
                here = found.setdefault(key, Counter())
                here.update(count=1, sum_x=x, sum_y=y, sum_pk=row.pk)
    return {key: tuple(sums[name] for name in SUMS) for key, sums in found.items()}


def kept() -> dict:
    rows = Cell.objects.values_list("level", "element", "x", "y", "status", *SUMS)
    return {row[:5]: row[5:] for row in rows}


def act(deed: str, what, turn) -> None:
    rows = Distortion.objects.order_by("pk")
    one = rows[turn % rows.count()] if isinstance(turn, int) else None
    match deed:
        case "report":
            factories.element(what, is_private=what == "street_vendor")
            factories.report(code=what, **inside(east=turn))
        case "move":
            factories.move(what, one)
        case "correct":
            factories.move("correct", one, element=factories.element(what).code)
        case "shift":
            factories.move("correct", one, geometry=crs.point(**inside(north=what)))
        case "merge":
            into = rows[what % rows.count()].number
            make_move(
                "merge", number=one.number, into=into, id=uuid4(), by=factories.staff("triage")
            )
        case "fold":
            ledger.fold()


@given(lives=st.lists(deeds, min_size=3, max_size=12))
@settings(max_examples=25, derandomize=True, deadline=None)
def test_the_cells_are_a_recount_whatever_happened(lives, django_db_blocker):
    with transaction.atomic():
        factories.district()
        factories.report()
        for deed in lives:
            try:
                act(*deed)
            except Refused:
                continue
        assert ledger.check() == 0
        ledger.fold()

        assert not Delta.objects.exists()
        assert kept() == recounted()
        assert ledger.check() == 0
        transaction.set_rollback(True)


def test_what_is_measured_as_a_line_counts_at_its_middle(city):
    line = LineString((40.401, 21.262), (40.403, 21.266), srid=crs.WGS84)
    factories.report(code="damaged_sidewalk", geometry=line)

    ledger.fold()

    assert kept() == recounted()


def test_a_change_beside_place_status_and_element_notes_nothing(city):
    found = factories.distortion()
    ledger.fold()

    Distortion.objects.filter(pk=found.pk).update(severity=3)

    assert not Delta.objects.exists()


def test_raw_sql_and_deleting_count_too(city):
    for column in (0, 1, 1):
        factories.distortion(**inside(column))
    ledger.fold()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE distortions_distortion SET status = 'accepted'")
    ledger.fold()

    assert kept() == recounted()


def test_a_check_finds_what_is_not_right_and_a_rebuild_mends_it(city):
    factories.distortion()
    ledger.fold()
    Cell.objects.filter(level=12).update(count=7)

    assert ledger.check() > 0
    ledger.rebuild()

    assert ledger.check() == 0
    assert kept() == recounted()


def test_the_command_finds_and_mends_too(city):
    factories.distortion()
    ledger.fold()
    call_command("recount", check=True)
    Cell.objects.filter(level=12).delete()

    with pytest.raises(CommandError, match="cells"):
        call_command("recount", check=True)
    call_command("recount")

    call_command("recount", check=True)
    assert kept() == recounted()


def test_a_large_load_is_counted_at_its_end(city):
    with ledger.bulk():
        factories.distortion("treated")
        assert not Delta.objects.exists()

    assert kept() == recounted()


@pytest.mark.django_db(transaction=True)
def test_two_reports_in_one_cell_do_not_wait_for_each_other(city):
    first, second = factories.distortion(), factories.distortion()

    def change(pk: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            cursor.execute(
                "UPDATE distortions_distortion SET status = 'accepted' WHERE id = %s", [pk]
            )
        connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        Distortion.objects.filter(pk=first.pk).update(status="accepted")
        other.submit(change, second.pk).result()
    ledger.fold()

    assert kept() == recounted()
