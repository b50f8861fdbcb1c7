"""Large files: ordered, written by the worker, fetched by whoever may, and deleted in time."""

import os
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from gis_app.accounts.models import User
from gis_app.exports import actions, writing
from gis_app.exports.formats import FORMATS
from gis_app.exports.models import Export, State
from tests import factories
from tests.exports.reading import frame, taken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(settings):
    settings.RASD_EXPORT_AT_ONCE = 1


@pytest.fixture
def large_city(city):
    for _ in range(3):
        factories.distortion("accepted")
    factories.distortion("rejected")
    return city


def order(client, question: str = "", format: str = "parquet") -> Export:
    answer = client.post(f"/exports/distortions.{format}?{question}")
    assert answer.status_code == 302, answer
    return Export.objects.get(pk=re.search(r"/exports/([0-9a-f-]{36})/$", answer["Location"])[1])


def test_what_is_large_is_not_written_while_somebody_waits(large_city, client):
    answer = client.get("/exports/distortions.gpkg?status=accepted,treated")

    assert answer.status_code == 302
    assert answer["Location"] == "/exports/distortions/?status=accepted,treated"
    page = client.get(answer["Location"]).content.decode()
    assert 'method="post" action="/exports/distortions.gpkg?status=accepted,treated"' in page
    assert 'href="/exports/distortions.csv?status=accepted,treated"' in page
    assert not Export.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_ordered_file_is_written_and_fetched(large_city, client, tmp_path):
    made = order(client, "element=graffiti")
    page = f"/exports/{made.pk}/"
    waiting = client.get(page).content.decode()
    assert ProcrastinateJob.objects.filter(task_name__endswith="write_exports").count() == 1

    writing.write_waiting()

    assert "<progress" in waiting
    assert 'http-equiv="refresh"' in waiting
    ready = client.get(page).content.decode()
    assert f'href="{page}file/"' in ready
    assert "http-equiv" not in ready
    told = client.get(f"{page}progress.json").json()
    assert told == {"rows_all": 3, "rows_done": 3, "is_finished": True}
    answer = client.get(f"{page}file/")
    body = b"".join(answer.streaming_content)
    assert len(body) == int(answer["Content-Length"])
    assert len(frame(body, "parquet", tmp_path)) == 3
    assert made.path.stat().st_mode & 0o077 == 0 or made.path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True)
def test_staffs_files_are_hers_alone_and_of_the_rights_she_ordered_them_with(
    large_city, client, triage, planner, tmp_path
):
    made = order(triage)
    writing.write_waiting()
    address = f"/exports/{made.pk}/file/"

    assert len(frame(taken(triage, address), "parquet", tmp_path)) == 4
    for other in (client, planner):
        assert other.get(address).status_code == 404
        assert other.get(f"/exports/{made.pk}/").status_code == 404
        assert other.get(f"/exports/{made.pk}/progress.json").status_code == 404

    User.objects.filter(pk=triage.user.pk).update(role="crew", team=factories.team("another"))
    assert triage.get(address).status_code == 404


def test_rights_that_changed_before_it_was_written_write_nothing(large_city, triage):
    made = order(triage)
    User.objects.filter(pk=triage.user.pk).update(role="resident")

    writing.write_waiting()

    made.refresh_from_db()
    assert (made.state, made.error) == (State.FAILED, "Forbidden")
    assert not made.path.exists()


def test_one_that_fails_does_not_keep_the_next_one_waiting(large_city, client, triage):
    broken, next_one = order(client), order(triage)
    Export.objects.filter(pk=broken.pk).update(question={"late": "perhaps"})
    Export.objects.filter(pk=next_one.pk).update(question={"late": "perhaps"})

    writing.write_waiting()

    assert {*Export.objects.values_list("state", "error")} == {(State.FAILED, "Unreadable")}
    page = client.get(f"/exports/{broken.pk}/").content.decode()
    assert 'href="/exports/distortions/?late=perhaps"' in page


def test_the_same_question_gets_the_same_file_while_it_is_fresh(large_city, client, triage):
    first = order(client, "element=graffiti")

    assert order(client, "element=graffiti") == first
    assert order(client, "element=pothole") != first
    assert order(client, "element=graffiti", "gpkg") != first
    assert order(triage, "element=graffiti") != first
    Export.objects.update(ordered_at=timezone.now() - actions.AS_GOOD_AS_NEW)
    assert order(client, "element=graffiti") != first


def test_what_a_dead_worker_left_is_written_anew_and_then_given_up(large_city, client):
    made = order(client)
    long_ago = timezone.now() - writing.SILENCE - timedelta(seconds=1)

    def died(attempts: int) -> str:
        Export.objects.update(state=State.WRITING, heard_at=long_ago, attempts=attempts)
        writing.revive()
        made.refresh_from_db()
        return made.state

    assert died(1) == State.ORDERED
    assert died(writing.MOST_ATTEMPTS) == State.FAILED


def test_one_that_is_at_work_is_left_alone(large_city, client):
    order(client)
    Export.objects.update(state=State.WRITING, attempts=1)

    writing.revive()
    writing.write_waiting()

    assert Export.objects.get().state == State.WRITING


def test_files_are_deleted_when_their_time_is_over(large_city, client, settings):
    kept, expired = order(client, "element=graffiti"), order(client, "element=pothole")
    settings.RASD_EXPORTS.mkdir()
    for export in (kept, expired):
        export.path.write_bytes(b"rows")
    now = timezone.now()
    Export.objects.filter(pk=expired.pk).update(
        ordered_at=now - timedelta(days=2), expires_at=now - timedelta(days=1)
    )
    left = settings.RASD_EXPORTS / "of a crash"
    left.mkdir()
    (left / "half.gpkg").write_bytes(b"ro")
    os.utime(left, times=(0, 0))

    writing.drop_expired()

    assert [path.name for path in settings.RASD_EXPORTS.iterdir()] == [kept.path.name]
    assert client.get(f"/exports/{expired.pk}/").status_code == 404
    assert client.get(f"/exports/{kept.pk}/").status_code == 200


def test_a_file_that_is_gone_from_the_disk_is_not_there(large_city, client):
    made = order(client)
    Export.objects.update(state=State.READY, finished_at=timezone.now(), size_bytes=1)

    assert client.get(f"/exports/{made.pk}/file/").status_code == 404


def test_more_rows_than_a_sheet_holds_are_refused_in_words(large_city, client, monkeypatch):
    small = replace(FORMATS["xlsx"], most_rows=2)
    monkeypatch.setitem(FORMATS, "xlsx", small)
    client.cookies["django_language"] = "en"

    answer = client.post("/exports/distortions.xlsx")

    assert answer.status_code == 422
    assert "Excel holds 2 rows at most." in answer.content.decode()


def test_a_signed_in_reader_finds_her_files_again(large_city, client, triage):
    made = order(triage)
    order(client)

    assert f"/exports/{made.pk}/" in triage.get("/exports/").content.decode()
    assert re.findall(r"/exports/[0-9a-f]{8}-", client.get("/exports/").content.decode()) == []


@pytest.mark.parametrize("path", ["/exports/", "/exports/distortions/?element=graffiti&late=true"])
def test_pages_ask_few_questions_of_the_database(large_city, client, path):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200

    assert len(asked) <= 10


@pytest.mark.parametrize("format", ["geojson", "csv"])
def test_what_is_sent_at_once_is_not_ordered(city, client, format):
    answer = client.post(f"/exports/parks.{format}")

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)
    assert not Export.objects.exists()
