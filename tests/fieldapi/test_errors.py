"""Every refusal is a problem in the reader's language, with what a program needs to go on."""

from uuid import uuid4

import pytest

from gis_app.accounts import tokens
from tests import factories
from tests.fieldapi.asking import ENGLISH, V1, feature, get, move, problem, put, send, send_photo

NUMBER = "TF-26-000001"
NOBODYS = "00000000-0000-4000-8000-000000000000"


def with_token(owner, *scopes) -> dict[str, str]:
    key = tokens.issue(owner=owner, scopes=scopes, days=1)
    return {"authorization": f"Bearer {key}"}


@pytest.mark.parametrize(
    "address", ["", "nothing", "distortions/", "distortions/x", "reports/not-a-uuid", "parks/a b"]
)
def test_what_is_not_there_is_a_problem_too(db, client, address):
    answer = get(client, address)

    assert answer.status_code == 404
    problem(answer)


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("delete", "distortions"),
        ("post", "distortions"),
        ("patch", f"reports/{NOBODYS}"),
        ("put", "districts/progress"),
        ("options", "elements"),
    ],
)
def test_another_method_is_refused_with_those_that_are_allowed(db, client, method, address):
    answer = getattr(client, method)(V1 + address, headers=ENGLISH)

    assert answer.status_code == 405
    assert answer["Allow"]
    problem(answer)


def test_only_json_is_answered(db, client):
    assert get(client, "elements", accept="application/json").status_code == 200
    assert get(client, "elements", accept="text/html, */*;q=0.1").status_code == 200

    answer = get(client, "elements", accept="text/csv")

    assert answer.status_code == 406
    problem(answer)


@pytest.mark.parametrize("key", ["", "made-up", "rasd_x", "مفتاح".encode().decode("latin-1")])
def test_a_token_that_is_not_valid_is_401_everywhere(city, client, key):
    for address in ("distortions", "elements", "reports/" + str(uuid4())):
        answer = get(client, address, authorization=f"Bearer {key}")

        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        problem(answer)


def test_who_has_not_signed_in_makes_no_moves(city, client):
    park = {"type": "Polygon", "coordinates": []}
    asked = [
        move(client, NUMBER, "accept"),
        send_photo(client, f"distortions/{NUMBER}"),
        put(client, "parks/P1", {"type": "Feature", "geometry": park, "properties": {}}),
    ]

    for answer in asked:
        assert answer.status_code == 401
        assert "WWW-Authenticate" in answer
        problem(answer)


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [(["read"], "read"), (["report"], "report"), (["move"], "move"), (["sites"], "sites")],
)
def test_a_token_is_good_for_its_scopes_only(city, client, scopes, allowed):
    number = factories.distortion().number
    token = with_token(factories.staff("admin"), *scopes)
    site = {"type": "Point", "coordinates": [*factories.inside().values()]}
    kiosk = {"name_ar": "كشك", "status": "candidate"}
    answers = {
        "read": get(client, "distortions", **token),
        "report": put(client, f"reports/{uuid4()}", feature(), **token),
        "move": move(client, number, "accept", headers=token),
        "sites": put(
            client, "kiosks/K1", {"type": "Feature", "geometry": site, "properties": kiosk}, **token
        ),
    }

    for scope, answer in answers.items():
        assert (answer.status_code < 300) is (scope == allowed), scope
        if scope != allowed:
            assert answer.status_code == 403
            assert "not issued for that" in problem(answer)["detail"]


def test_a_session_needs_its_csrf_token(city, triage):
    triage.handler.enforce_csrf_checks = True

    answer = send(triage)

    assert answer.status_code == 403
    assert "CSRF" in problem(answer)["detail"]


def test_arabic_is_the_language_unless_another_is_asked_for(city, client):
    arabic = client.get(V1 + "nothing")
    english = client.get(V1 + "nothing", headers=ENGLISH)

    assert arabic["Content-Language"] == "ar"
    assert english["Content-Language"] == "en"
    assert "Accept-Language" in arabic["Vary"]
    assert english.json()["detail"].isascii()


@pytest.mark.parametrize(
    "address",
    [
        "distortions?colour=red",
        "distortions?status=lost",
        "distortions?status=reported&status=accepted",
        "distortions?element=dragon",
        "distortions?bbox=1,2,3",
        "distortions?bbox=1,2,3,4,5",
        "distortions?bbox=41,21,40,22",
        "distortions?bbox=nan,0,1,1",
        "distortions?bbox=-999,0,1,1",
        "distortions?bbox=a,b,c,d",
        "distortions?observed=2026-02-30",
        "distortions?observed=2026-03-01/2026-01-01",
        "distortions?observed=9999-12-31",
        "distortions?late=perhaps",
        "distortions?q=" + "x" * 81,
        "distortions?limit=0",
        "distortions?limit=1001",
        "distortions?limit=ten",
        "distortions?limit=" + "9" * 5000,
        "distortions?count=perhaps",
        "distortions?cursor=x",
        "distortions?cursor=W10=",
        "distortions?cursor=WyIyMDI2LTAxLTAxIiwgNV0=",
        "distortions?cursor=" + "W1tb" * 5000,
        "distortions?cursor=WyJ5ZXN0ZXJkYXkiLCAieCJd",
        "distortions?cursor=WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwgIngiXQ==",
        "distortions?cursor=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgIlx1ZDgzZCJd",
        f"distortions/{NUMBER}?colour=red",
        "districts?colour=red",
        "districts/progress?as_of=9999-01-01",
        "districts/progress?from=9999-01-01&to=2026-02-01",
        "districts/progress?element=dragon",
        "districts/progress?element=graffiti&element=pothole",
        "elements?colour=red",
        "parks?kind=castle",
        "kiosks?bbox=1",
        "kiosks?cursor=zzzz",
        f"reports/{NOBODYS}?colour=red",
    ],
)
def test_a_question_that_cannot_be_read_is_refused_and_not_ignored(city, client, address):
    answer = get(client, address)

    assert answer.status_code == 400
    assert problem(answer)["errors"]
