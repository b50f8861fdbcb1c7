"""The table of moves: who may do what from where, and that nothing else is possible."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command

from gis_app.accounts.models import User
from gis_app.distortions.status import Status
from gis_app.errors import Conflict, Forbidden, Refused
from gis_app.treatment.actions import make_move
from gis_app.treatment.workflow import MOVES, moves_open_to
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
EVERY_NEED = {"reason": "r", "body": "b", "team": "treatment-1", "quantity": 1.0}


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("role", User.Role.values)
def test_a_move_is_open_exactly_where_the_table_says(city, status, role):
    found = factories.distortion(status)
    user = factories.user(role)

    open_moves = moves_open_to(user, found)

    # A crew sees what its team has; whatever left the team is no longer in its scope.
    in_scope = role != "resident" and (role != "crew" or found.team == user.team)
    assert set(open_moves) == {
        name
        for name, move in MOVES.items()
        if in_scope and role in move.by and move.starts_from(found)
    }


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("name", MOVES)
def test_a_move_that_does_not_start_here_changes_nothing(city, status, name):
    found = factories.distortion(status)
    if status in MOVES[name].starts:
        return
    before = (found.status, found.version, found.steps.count())

    with pytest.raises(Conflict) as refusal:
        make_move(name, number=found.number, id=uuid4(), by=factories.user("admin"), **EVERY_NEED)

    found.refresh_from_db()
    assert (found.status, found.version, found.steps.count()) == before
    assert refusal.value.extra["current"] == {"status": status, "version": found.version}


@pytest.mark.parametrize("name", [name for name, move in MOVES.items() if move.needs])
def test_a_move_without_what_it_needs_changes_nothing(city, name):
    start = next(status for status in factories.LIVES if status in MOVES[name].starts)
    found = factories.distortion(start)

    with pytest.raises(Refused) as refusal:
        make_move(name, number=found.number, id=uuid4(), by=factories.user("admin"))

    assert set(refusal.value.fields) == set(MOVES[name].needs)
    found.refresh_from_db()
    assert found.status == start


def test_whoever_treats_does_not_verify(city):
    boss = factories.user("admin")
    found = factories.distortion("assigned")
    factories.move("treat", found, by=boss)

    for name in ("verify", "send_back"):
        with pytest.raises(Forbidden, match="somebody else"):
            make_move(name, number=found.number, id=uuid4(), by=boss, reason="r")

    assert factories.move("verify", found, by=factories.user("admin")).status == "verified"


def test_a_crew_moves_only_what_its_team_has(city):
    found = factories.distortion("assigned")
    stranger = factories.user("crew", team=factories.team("treatment-2"))

    with pytest.raises(Forbidden):
        make_move("start", number=found.number, id=uuid4(), by=stranger)

    assert moves_open_to(stranger, found) == []


def test_the_scope_of_a_sub_municipality_ends_at_its_districts(city):
    other = factories.district("TAIF-009", column=3, of=factories.sub_municipality("taif-north"))
    found = factories.distortion("reported", **factories.inside(3))
    assert found.district == other

    narrow = factories.user("triage", sub_municipality=factories.sub_municipality("taif-centre"))

    with pytest.raises(Forbidden):
        make_move("accept", number=found.number, id=uuid4(), by=narrow)


def test_the_diagram_is_drawn_from_the_table():
    out = StringIO()

    call_command("draw_workflow", stdout=out)

    drawn = out.getvalue()
    assert "reported --> accepted: accept by triage" in drawn
    assert "treated --> verified: verify by verifier" in drawn
    assert all(f": {name}" in drawn for name, move in MOVES.items() if move.end)
