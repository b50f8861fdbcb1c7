"""Fifty programs at once on one distortion, over real connections to the server of production."""

import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from gis_app.accounts.models import Token
from gis_app.accounts.tokens import issue
from gis_app.distortions.gathering import counts
from gis_app.distortions.models import Distortion, Report, Step
from gis_app.distortions.status import Status
from tests import factories
from tests.fieldapi.asking import feature

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 50
STARTS_WITHIN_S = 30
WAITS_S = 60


@pytest.fixture
def server(tmp_path):
    """The port of the server that serves this test's database, as bin/up starts it."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    database = connection.settings_dict
    place = quote(f"{database['HOST']}/{database['NAME']}", safe="")
    # A browser test that ran before in this process has set Django's switch for its event loop.
    ours = {name: text for name, text in os.environ.items() if "ASYNC_UNSAFE" not in name}
    environment = ours | {
        "DATABASE_URL": f"postgis://{database['USER']}@/{place}",
        "DEBUG": "0",
        "SSL_REDIRECT": "0",  # loopback: no TLS here
        "SECRET_KEY": "only for this test, and long enough for the deployment check",
        "RASD_LOCAL": str(tmp_path),
    }
    granian = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"]
    options = ["--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--log-level", "error"]
    process = subprocess.Popen(
        [*granian, *options, "--blocking-threads", "4", "gis_app.wsgi:application"],
        cwd=settings.BASE_DIR,
        env=environment,
    )
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen) -> None:
    for _attempt in range(STARTS_WITHIN_S * 10):
        assert process.poll() is None, "The server did not start."
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The server did not answer.")


class Crowd:
    """CLIENTS connections that ask in the same moment."""

    def __init__(self, port: int) -> None:
        self.port = port
        scopes = list(Token.Scope.values)
        self.keys = {
            role: issue(owner=factories.staff(role), scopes=scopes, days=1)
            for role in ("triage", "crew", "verifier")
        }

    def asks(self, requests: list[tuple[str, str, dict]], **more) -> list[tuple[int, dict]]:
        """Send every (role, address, body) at once, with *more* headers; return what is answered."""
        ready = Barrier(len(requests))

        def ask(request):
            role, address, body = request
            line = HTTPConnection("127.0.0.1", self.port, timeout=WAITS_S)
            line.connect()
            headers = {"Content-Type": "application/json", "Accept-Language": "en"} | more
            if role in self.keys:
                headers["Authorization"] = f"Bearer {self.keys[role]}"
            ready.wait()
            line.request("PUT", f"/api/v1/{address}", json.dumps(body), headers)
            answer = line.getresponse()
            told = answer.status, json.loads(answer.read())
            line.close()
            return told

        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(ask, requests))

    def moves(self, role: str, number: str, *wishes: dict, **more) -> list[tuple[int, dict]]:
        """Let CLIENTS make one of *wishes* each, in turn, on the distortion *number*."""
        return self.asks(
            [
                (role, f"distortions/{number}/moves/{uuid4()}", wishes[turn % len(wishes)])
                for turn in range(CLIENTS)
            ],
            **more,
        )


def won(answers: list[tuple[int, dict]]) -> dict:
    """What the one winner was told; everybody else met 409 with the state as it is now."""
    assert Counter(status for status, _ in answers) == {201: 1, 409: CLIENTS - 1}
    winner = next(body for status, body in answers if status == 201)
    for status, body in answers:
        assert status == 201 or body["current"]["status"] == winner["to_status"]
    return winner


def test_of_fifty_at_once_one_wins_each_move(city, server):
    found = factories.distortion()
    crowd = Crowd(server)
    data = factories.picture("#225522")
    teams = [{"move": "assign", "team": factories.team(code).code} for code in ("one", "two")]
    crew = factories.staff("crew")

    won(crowd.moves("triage", found.number, {"move": "accept"}, {"move": "reject", "reason": "No"}))
    found.refresh_from_db()
    if found.status == Status.REJECTED:
        won(crowd.moves("triage", found.number, {"move": "reopen", "reason": "Yes"}))
    won(crowd.moves("triage", found.number, *teams))
    found.refresh_from_db()
    crew.team = found.team
    crew.save()
    won(crowd.moves("crew", found.number, {"move": "start"}))
    factories.photo(data=data, by=crew, distortion=found, kind="after")
    treat = {"move": "treat", "photos": [factories.sha256(data)], "quantity": 1}
    won(crowd.moves("crew", found.number, treat))
    won(
        crowd.moves(
            "verifier", found.number, {"move": "verify"}, {"move": "send_back", "reason": "No"}
        )
    )

    steps = list(found.steps.all())
    found.refresh_from_db()
    assert [step.from_status for step in steps[1:]] == [step.to_status for step in steps[:-1]]
    assert steps[-1].to_status == found.status
    assert found.version == len(steps)


def test_of_fifty_that_saw_one_version_one_changes_it(city, server):
    found = factories.distortion("accepted")
    crowd = Crowd(server)
    correct = {"move": "correct", "reason": "Seen", "quantity": 3}

    answers = crowd.moves("triage", found.number, correct, **{"If-Match": f'"{found.version}"'})

    assert Counter(status for status, _ in answers) == {201: 1, 412: CLIENTS - 1}
    assert all(
        body["current"] == {"status": "accepted", "version": found.version + 1}
        for status, body in answers
        if status == 412
    )


def test_reports_merges_and_moves_at_once_leave_every_count_right(city, server):
    one, other = factories.distortion(), factories.distortion()
    crowd = Crowd(server)
    joins = [
        ("nobody", f"reports/{uuid4()}", feature(same_as=(one, other)[turn % 2].number))
        for turn in range(20)
    ]
    merges = [
        (
            "triage",
            f"distortions/{here.number}/moves/{uuid4()}",
            {"move": "merge", "into": there.number},
        )
        for here, there in ((one, other), (other, one)) * 10
    ]
    accepts = [
        ("triage", f"distortions/{here.number}/moves/{uuid4()}", {"move": "accept"})
        for here in (one, other) * 5
    ]

    answers = crowd.asks([*joins, *merges, *accepts])

    assert {status for status, _ in answers} <= {201, 409, 422}
    assert all(status == 201 for status, _ in answers[: len(joins)])
    assert Report.objects.count() == 2 + len(joins)
    assert Distortion.objects.filter(status=Status.MERGED).count() == 1
    for row in Distortion.objects.all():
        assert counts(row) == {
            "reports_count": row.reports_count,
            "supporters_count": row.supporters_count,
        }
        assert row.version == Step.objects.filter(distortion=row).count()
        assert row.steps.latest("pk").to_status == row.status
