"""A random share of what was verified is checked again by somebody independent."""

from decimal import Decimal
from uuid import uuid4

import pytest

from gis_app.errors import Refused
from gis_app.treatment.follow_up_actions import record_second_check
from gis_app.treatment.models import SecondCheck
from gis_app.treatment.monitoring import checks_of, is_drawn
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def verified(*, share: str = "1"):
    team = factories.team()
    team.second_check_share = Decimal(share)
    team.save()
    return factories.distortion("verified")


def checked(found, **facts):
    check = found.second_checks.latest("drawn_at")
    asked = {"id": uuid4(), "by": other_verifier(), "is_confirmed": True} | facts
    return record_second_check(check=check.pk, **asked)[0]


def other_verifier():
    return factories.user("verifier")


@pytest.mark.parametrize(("share", "drawn"), [("0", 0), ("1", 3)])
def test_none_or_all_of_a_teams_treatments_are_drawn(city, share, drawn):
    for _ in range(3):
        verified(share=share)

    assert SecondCheck.objects.filter(team=city.team).count() == drawn


@pytest.mark.parametrize(
    ("share", "lot", "drawn"),
    [
        ("0", 0.0, False),
        ("1", 0.999999, True),
        ("0.05", 0.0499, True),
        ("0.05", 0.05, False),
    ],
)
def test_the_lot_falls_into_the_share_or_not(share, lot, drawn):
    assert is_drawn(Decimal(share), lot=lot) is drawn


def test_neither_the_verifier_nor_the_treater_checks(city):
    found = verified()
    treater = found.steps.get(move="treat").by
    treater.role = "verifier"
    treater.save()

    assert not checks_of(factories.staff("verifier")).exists()
    assert not checks_of(treater).exists()
    assert checks_of(other_verifier()).count() == 1


@pytest.mark.parametrize("role", ["inspector", "crew", "triage", "planner"])
def test_only_verifiers_check(city, role):
    found = verified()

    assert not checks_of(factories.staff(role)).exists()
    with pytest.raises(Refused):
        checked(found, by=factories.staff(role))


def test_a_confirmed_one_stays_closed(city):
    found = verified()

    step = checked(found, reason="Seen on site.")

    found.refresh_from_db()
    check = found.second_checks.get()
    assert (found.status, check.is_confirmed, check.by) == ("verified", True, step.by)
    assert (step.move, step.text.note) == ("check", "Seen on site.")


def test_a_false_closure_is_opened_again_however_long_ago_it_was_closed(city):
    found = verified()
    found.element.service_levels.update(reopen_days=0)

    checked(found, is_confirmed=False, reason="The writing is still there.")

    found.refresh_from_db()
    last = found.steps.latest("pk")
    assert (found.status, last.move) == ("reopened", "reopen")
    assert last.text.reason == "The writing is still there."
    assert found.second_checks.get().is_confirmed is False


def test_a_false_closure_needs_a_reason(city):
    found = verified()

    with pytest.raises(Refused) as refusal:
        checked(found, is_confirmed=False)

    assert list(refusal.value.fields) == ["reason"]
    assert found.second_checks.get().checked_at is None


def test_the_same_check_again_is_the_first_one(city):
    found = verified()
    asked = {"id": uuid4(), "by": other_verifier(), "is_confirmed": False, "reason": "No."}

    step = checked(found, **asked)

    assert checked(found, **asked) == step
    assert found.steps.filter(move="reopen").count() == 1


def test_what_was_opened_again_waits_for_no_check(city):
    found = verified()
    factories.move("reopen", found)

    assert not checks_of(other_verifier()).exists()
    with pytest.raises(Refused, match="does not wait for you"):
        checked(found)


def test_a_second_verification_is_drawn_anew(city):
    found = factories.move("reopen", verified())
    for name in ("assign", "treat", "verify"):
        found = factories.move(name, found)

    assert checks_of(other_verifier()).get() == found.second_checks.latest("drawn_at")
