"""Moves through the API: who, from where, with what, and once."""

from uuid import uuid4

import pytest

from gis_app.distortions.models import Step
from gis_app.treatment.workflow import MOVES
from tests import factories
from tests.fieldapi.asking import get, move, problem, put, send_photo


def test_a_move_answers_what_changed(city, triage):
    found = factories.distortion()
    id = uuid4()

    answer = move(triage, found.number, "accept", id=id)

    told = answer.json()
    assert answer.status_code == 201
    assert answer["Content-Type"] == "application/json"
    assert told | {"at": ""} == {
        "id": str(id),
        "number": found.number,
        "move": "accept",
        "at": "",
        "from_status": "reported",
        "to_status": "accepted",
        "version": 2,
        "into": None,
    }


def test_the_same_move_again_is_harmless(city, triage):
    found, id = factories.distortion(), uuid4()
    first = move(triage, found.number, "accept", id=id, note="Seen")

    again = move(triage, found.number, "accept", id=id, note="Seen", headers={"if-match": '"1"'})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Step.objects.filter(distortion=found).count() == 2


def test_the_identifier_of_a_move_is_not_used_for_another(city, triage):
    found, id = factories.distortion(), uuid4()
    move(triage, found.number, "accept", id=id)

    assert move(triage, found.number, "reject", id=id, reason="No").status_code == 409


@pytest.mark.parametrize("name", MOVES)
def test_each_role_makes_its_own_moves_only(city, name, request):
    status = next(status for status in factories.LIVES if status in MOVES[name].starts)
    found = factories.distortion(status)

    for role in ("resident", *factories.ROLES):
        allowed = role in MOVES[name].by and (role != "crew" or found.team_id is not None)
        answer = move(request.getfixturevalue(role), found.number, name)

        assert (answer.status_code not in (403, 404)) is allowed, role
        assert answer.status_code in (201, 403, 404, 409, 422), role


def test_a_move_that_does_not_start_from_here_tells_the_current_state(city, triage):
    found = factories.distortion("assigned")

    answer = move(triage, found.number, "accept")

    assert answer.status_code == 409
    assert problem(answer)["current"] == {"status": "assigned", "version": 3}


def test_what_somebody_else_has_changed_is_not_overwritten(city, triage):
    found = factories.distortion("accepted")

    surprised = move(triage, found.number, "refer", body="Police", expected_status="reported")
    stale = move(triage, found.number, "refer", body="Police", headers={"if-match": '"1"'})
    nonsense = move(triage, found.number, "refer", body="Police", headers={"if-match": "two"})
    fresh = move(triage, found.number, "refer", body="Police", headers={"if-match": '"2"'})

    assert surprised.status_code == 409
    assert (stale.status_code, nonsense.status_code) == (412, 412)
    assert problem(stale)["current"] == {"status": "accepted", "version": 2}
    assert fresh.status_code == 201


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("reject", {}, "reason"),
        ("reject", {"reason": ""}, "reason"),
        ("reject", {"reason": 7}, "reason"),
        ("refer", {}, "body"),
        ("merge", {}, "into"),
        ("merge", {"into": "TF-26-999999"}, "into"),
        ("fly", {}, "move"),
        ("accept", {"colour": "red"}, "colour"),
        ("accept", {"expected_status": "lost"}, "expected_status"),
        ("accept", {"at": "2026-01-01T00:00:00"}, "at"),
        ("accept", {"at": "2019-01-01T00:00:00Z"}, "at"),
        ("accept", {"note": "x" * 1001}, "note"),
        ("accept", {"photos": "one"}, "photos"),
        ("accept", {"photos": [{}]}, "photos.0"),
        ("accept", {"photos": ["0" * 64]}, "photos"),
        ("accept", {"cost": -1}, "cost"),
        ("accept", {"cost": 1e12}, "cost"),
        ("accept", {"quantity": "2"}, "quantity"),
        ("accept", {"due_date": "2026-02-30"}, "due_date"),
        ("accept", {"due_date": "9999-12-31"}, "due_date"),
        ("correct", {"reason": "Wrong", "element": "dragon"}, "element"),
        ("correct", {"reason": "Wrong", "district": "TAIF-999"}, "district"),
        (
            "correct",
            {"reason": "Wrong", "place": {"type": "Point", "coordinates": [0, 0]}},
            "geometry",
        ),
        ("correct", {"reason": "Wrong", "place": {"type": "Point"}}, "place"),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_has_changed(city, triage, name, body, field):
    found = factories.distortion()

    answer = move(triage, found.number, name, **body)

    assert answer.status_code == 422
    assert list(problem(answer)["errors"]) == [field]
    assert Step.objects.filter(distortion=found).count() == 1


def test_a_treatment_needs_its_photo_and_quantity(city, crew):
    found = factories.distortion("assigned")

    bare = move(crew, found.number, "treat")
    unsent = move(crew, found.number, "treat", quantity=1.5, photos=["0" * 64])

    assert set(problem(bare)["errors"]) == {"photos", "quantity"}
    assert set(problem(unsent)["errors"]) == {"photos"}


def test_whoever_treats_does_not_verify(city, admin):
    found = factories.distortion("in_progress")
    data = factories.picture()
    send_photo(admin, f"distortions/{found.number}", data)
    photos = [factories.sha256(data)]
    move(admin, found.number, "treat", quantity=1, cost=120.5, photos=photos)

    answer = move(admin, found.number, "verify")

    assert answer.status_code == 403
    assert "somebody else verifies" in problem(answer)["detail"]


def test_a_correction_moves_it_into_another_district(city, triage, client):
    found = factories.distortion("accepted")
    place = {"type": "Point", "coordinates": [*factories.inside(1).values()]}

    answer = move(triage, found.number, "correct", reason="Across the street", place=place)

    assert answer.status_code == 201
    told = get(client, f"distortions/{found.number}").json()
    assert (told["properties"]["district"], told["geometry"]) == ("TAIF-002", place)


def test_a_number_that_does_not_exist_is_not_moved(city, triage):
    assert move(triage, "TF-26-999999", "accept").status_code == 404


def test_a_crew_moves_and_photographs_only_what_is_its_teams(city, crew):
    other = factories.team("roads")
    found = factories.distortion("accepted")
    factories.move("assign", found, team=other.code)

    assert move(crew, found.number, "start").status_code == 403
    assert send_photo(crew, f"distortions/{found.number}").status_code == 403


def test_a_move_is_an_object(city, triage):
    found = factories.distortion()
    address = f"distortions/{found.number}/moves/{uuid4()}"

    for body in ([], "accept", 7, None):
        assert put(triage, address, body, content_type="application/json").status_code == 422
    assert put(triage, address, b"accept", content_type="text/plain").status_code == 415


@pytest.mark.parametrize("reader", ["resident", "crew"])
def test_what_is_hidden_cannot_be_told_from_what_is_not_there(city, reader, request):
    browser = request.getfixturevalue(reader)
    hidden = factories.distortion("rejected").number

    answers = [move(browser, number, "accept") for number in (hidden, "TF-26-999999")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
