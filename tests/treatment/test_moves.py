"""What each move leaves behind, and that a resend or a race leaves nothing more."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gis_app.catalogue.models import Element
from gis_app.distortions.models import Distortion, Step
from gis_app.errors import Conflict, Refused
from gis_app.geo import crs
from gis_app.treatment.actions import make_move
from tests import factories
from tests.factories import inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def last(found):
    return found.steps.select_related("text").latest("pk")


def test_assigning_can_promise_another_day_but_not_a_past_one(city):
    found = factories.distortion("accepted")
    today = timezone.localdate()

    with pytest.raises(Refused, match="possible"):
        factories.move("assign", found, due_date=today - timedelta(days=1))

    with pytest.raises(Refused, match="possible"):
        factories.move("assign", found, due_date=today + timedelta(days=400))
    found = factories.move("assign", found, due_date=today + timedelta(days=9))
    assert timezone.localdate(found.due_at) == today + timedelta(days=9)


def test_a_treatment_that_is_sent_back_is_no_longer_treated(city):
    found = factories.distortion("treated")

    found = factories.move("send_back", found, reason="ما زالت الكتابة ظاهرة")

    assert (found.status, found.treated_at, found.team) == ("assigned", None, city.team)
    assert last(found).text.reason == "ما زالت الكتابة ظاهرة"


def test_a_closed_case_reopens_only_within_its_days(city):
    found = factories.distortion("verified")
    long_ago = timezone.now() - timedelta(days=60)
    Distortion.objects.filter(pk=found.pk).update(verified_at=long_ago)

    with pytest.raises(Refused, match="30 days"):
        factories.move("reopen", found)


def test_the_treated_quantity_replaces_the_reported_one(city):
    found = factories.distortion("treated", quantity=9)

    assert (found.reported_quantity, found.treated_quantity, found.quantity) == (9, 2.5, 2.5)
    assert (last(found).from_quantity, last(found).to_quantity) == (9, 2.5)


def test_the_photo_of_a_treatment_belongs_to_its_step(city):
    found = factories.distortion("treated")

    photo = found.photos.get()
    assert (photo.kind, photo.step.move) == ("after", "treat")


def test_a_photo_that_was_not_sent_first_is_refused(city):
    found = factories.distortion("assigned")

    with pytest.raises(Refused) as refusal:
        factories.move("treat", found, photos=["0" * 64])

    assert list(refusal.value.fields) == ["photos"]


def test_merging_counts_reports_together_and_can_be_undone(city):
    survivor = factories.distortion("accepted")
    double = factories.distortion("reported")

    double = factories.move("merge", double, into=survivor.number)
    survivor.refresh_from_db()
    assert (double.status, double.merged_into, survivor.reports_count) == ("merged", survivor, 2)

    double = factories.move("unmerge", double)
    survivor.refresh_from_db()
    assert (double.status, double.merged_into, survivor.reports_count) == ("reported", None, 1)


@pytest.mark.parametrize("into", ["", "TF-00-000000"])
def test_a_merge_needs_another_open_one(city, into):
    found = factories.distortion("reported")

    for wrong in (into, found.number):
        with pytest.raises(Refused) as refusal:
            factories.move("merge", found, into=wrong)
        assert list(refusal.value.fields) == ["into"]


def test_a_correction_moves_element_place_and_quantity_with_a_step(city):
    found = factories.distortion("accepted", quantity=4)

    found = factories.move(
        "correct", found, element="pothole", geometry=crs.point(**inside(2)), quantity=6
    )

    step = last(found)
    assert (step.from_district, step.to_district) == (city.west, city.east)
    assert (step.from_element.code, step.to_element.code) == ("graffiti", "pothole")
    assert (step.from_quantity, step.to_quantity) == (4, 6)
    assert step.from_status == step.to_status == found.status == "accepted"
    assert found.public_geometry == found.geometry


def test_a_correction_to_another_unit_asks_for_the_quantity(city):
    factories.element("street_light")
    found = factories.distortion("accepted", quantity=4)

    with pytest.raises(Refused) as refusal:
        factories.move("correct", found, element="street_light")

    assert list(refusal.value.fields) == ["quantity"]


def test_an_empty_correction_is_refused(city):
    with pytest.raises(Refused, match="what is corrected"):
        factories.move("correct", factories.distortion("accepted"))


def test_the_same_move_again_is_the_first_step(city):
    found = factories.distortion("reported")
    asked = {"number": found.number, "id": uuid4(), "by": factories.staff("triage")}

    first, is_new = make_move("accept", **asked)
    again, is_new_again = make_move("accept", **asked)

    assert (again, is_new, is_new_again) == (first, True, False)
    with pytest.raises(Conflict):
        make_move("reject", **asked, reason="r")


def test_a_move_may_say_when_it_happened_but_not_before_the_last_one(city):
    found = factories.distortion("assigned")
    before = found.steps.earliest("pk").at - timedelta(days=1)

    with pytest.raises(Refused) as refusal:
        factories.move("start", found, at=before)

    assert list(refusal.value.fields) == ["at"]


@pytest.mark.parametrize(
    "words", ["UPDATE distortions_step SET cost = 1", "DELETE FROM distortions_step"]
)
def test_history_cannot_be_rewritten(city, words):
    factories.distortion("accepted")

    with pytest.raises(IntegrityError, match="Steps are history"), transaction.atomic():
        connection.cursor().execute(words)

    assert Step.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_moves_at_once_one_wins_and_one_is_told(city):
    found = factories.distortion("reported")
    by, start, told = factories.staff("triage"), Barrier(2), []

    def move(name):
        start.wait()
        try:
            make_move(name, number=found.number, id=uuid4(), by=by, reason="r")
            told.append("moved")
        except Conflict as conflict:
            told.append(conflict.extra["current"]["version"])
        finally:
            connection.close()

    threads = [Thread(target=move, args=(name,)) for name in ("accept", "reject")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, told)) == ["2", "moved"]
    assert found.steps.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_merges_into_each_other_never_hang(city):
    pair = [factories.distortion("reported") for _ in range(2)]
    by, start, told = factories.staff("triage"), Barrier(2), []

    def merge(found, into):
        start.wait()
        try:
            make_move("merge", number=found.number, id=uuid4(), by=by, into=into.number)
            told.append("merged")
        except Refused:
            told.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=merge, args=each) for each in (pair, reversed(pair))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["merged", "refused"]


def test_a_place_is_as_private_as_its_element_is_corrected_to_be(city):
    Element.objects.filter(code="random_structure").update(is_private=True)
    found = factories.distortion()
    assert found.public_geometry == found.geometry

    factories.move("correct", found, reason="A hut.", element="random_structure")
    assert found.is_private
    assert found.public_geometry != found.geometry

    factories.move("correct", found, reason="Paint after all.", element="graffiti", quantity=1)
    assert not found.is_private
    assert found.public_geometry == found.geometry


@pytest.mark.parametrize("name", ["assign", "correct", "merge", "pause", "refer"])
def test_a_move_reads_no_table_from_end_to_end(city, name):
    told = {"contact": {"email": "resident@example.com"}}  # an empty table may be read wholly
    one, other = (factories.distortion("accepted", **told) for _ in range(2))
    needs = {
        "correct": {"quantity": 2.0},
        "merge": {"into": other.number},
        "pause": {"pause_reason": "material"},
    }
    with CaptureQueriesContext(connection) as said:
        factories.move(name, one, **needs.get(name, {}))

    with connection.cursor() as cursor:
        for way in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(  # as if there were many, whatever the statistics say
            "UPDATE pg_class SET reltuples = 1e7, relpages = 1"
            " WHERE relname LIKE 'distortions\\_%' AND relkind = 'r'"
        )
        for asked in (query["sql"] for query in said if query["sql"]):
            if "distortions_" in asked and asked.startswith("SELECT"):
                cursor.execute(f"EXPLAIN (FORMAT JSON) {asked}")
                ((plan,),) = cursor.fetchall()
                assert not list(_read_wholly(plan[0]["Plan"])), asked


def _read_wholly(node: dict):
    """Yield the tables that a plan reads row by row without being told which."""
    is_scan = node["Node Type"] in ("Seq Scan", "Index Scan", "Index Only Scan")
    if is_scan and "Index Cond" not in node and node["Relation Name"].startswith("distortions_"):
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _read_wholly(below)
