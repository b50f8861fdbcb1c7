"""Teams on the desk: which are offered, what the rules suggest, accepting and assigning in one press."""

from uuid import uuid4

import pytest

from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def in_english(triage):
    triage.cookies["django_language"] = "en"


def accept(browser, found, **fields):
    hidden = {"id": uuid4(), "expected_status": "reported"}
    return browser.post(f"/desk/{found.number}/moves/accept/", hidden | fields, follow=True)


def test_one_press_accepts_another_accepts_and_assigns(triage, city):
    found, other = factories.distortion(), factories.distortion(**factories.inside(1))

    accept(triage, found)
    accept(triage, other, team=city.team.code)

    found.refresh_from_db()
    other.refresh_from_db()
    assert (found.status, other.status, other.team) == ("accepted", "assigned", city.team)


def test_both_are_offered_and_the_rules_team_is_chosen_already(triage, city):
    factories.rule("All to the night", to=factories.team("night"))

    page = triage.get(f"/desk/{factories.distortion().number}/")

    assert [form.label for form in page.context["forms"]][:2] == ["Accept", "Accept and assign"]
    assert '<option value="night" selected>' in page.content.decode()
    assert "By the rule “All to the night”." in page.content.decode()


def test_a_team_that_does_not_fit_is_offered_last_and_told_of_when_chosen(triage, city):
    elsewhere = factories.team("a-elsewhere")
    elsewhere.districts.add(city.east)
    found = factories.distortion()

    page = triage.get(f"/desk/{found.number}/").content.decode()
    answer = accept(triage, found, team=elsewhere.code)

    assert page.index('value="treatment-1"') < page.index('label="Other teams"')
    assert "The team does not work in this district." in answer.content.decode()
