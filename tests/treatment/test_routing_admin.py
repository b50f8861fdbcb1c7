"""Routing rules in the administration: written by planners, tested on the past, then let loose."""

import pytest
from django.urls import reverse

from gis_app.treatment.models import RoutingRule
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(planner, city):
    """The planner in the administration: her role opens the rules and the teams, nothing else."""
    planner.user.is_staff = True
    planner.user.save()
    planner.cookies["django_language"] = "en"
    return planner


def address(page, *args):
    return reverse(f"admin:treatment_routingrule_{page}", args=args)


def filled(**changes):
    everything = {
        "position": 1, "name": "Potholes", "amana": factories.amana().pk, "least_severity": 1,
        "elements": factories.element("pothole").pk, "team": factories.team().pk,
        "weekdays": [0, 4], "sources": ["940"],
    }  # fmt: skip
    return everything | changes


def test_a_planner_writes_a_rule_tests_it_and_lets_it_decide(desk, city):
    desk.post(address("add"), filled())
    rule = RoutingRule.objects.get()
    assert (rule.weekdays, rule.sources, rule.is_live) == ([0, 4], ["940"], False)
    assert rule.elements.get().code == "pothole"

    desk.post(address("test", rule.pk), {"deed": "live", "days": 30})
    rule.refresh_from_db()
    assert not rule.is_live
    tested = desk.post(address("test", rule.pk), {"deed": "try", "days": 30})
    assert tested.context["untaken"] == 0
    desk.post(address("test", rule.pk), {"deed": "live", "days": 30})
    rule.refresh_from_db()
    assert rule.is_live
    desk.post(address("test", rule.pk), {"deed": "off"})
    rule.refresh_from_db()
    assert not rule.is_live


def test_the_test_shows_who_would_lose_what(desk, city):
    for east in (0.2, 0.4):
        factories.distortion("assigned", **factories.inside(0, east=east))
    rule = factories.rule("All to the night", to=factories.team("night"), is_live=False)

    page = desk.post(address("test", rule.pk), {"deed": "try", "days": 30})

    ((row, others),) = page.context["rows"]
    assert (row.taken, row.same, row.changed, others) == (2, 0, 2, [(city.team, 2)])
    assert "treatment-1: " in page.content.decode()


@pytest.mark.parametrize("days", ["", "0", "x", "9999"])
def test_days_that_cannot_be_are_refused(desk, city, days):
    rule = factories.rule(is_live=False)

    page = desk.post(address("test", rule.pk), {"deed": "try", "days": days}).content.decode()

    assert "From 1 to 366 days." in page
    rule.refresh_from_db()
    assert rule.tested_at is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from_time": "08:00"}, "Give both hours, or neither."),
        ({"from_time": "08:00", "to_time": "08:00"}, "The hours end when they begin"),
        ({"least_severity": 9}, "less than or equal to 4"),
    ],
)
def test_what_no_rule_can_mean_is_said_beside_the_field(desk, city, changes, words):
    page = desk.post(address("add"), filled(**changes)).content.decode()

    assert words in page
    assert not RoutingRule.objects.exists()


@pytest.mark.parametrize("role", ["triage", "verifier", "crew"])
def test_nobody_else_opens_the_rules(client, city, role):
    rule = factories.rule()
    client.force_login(factories.user(role, is_staff=True))

    for page in (address("changelist"), address("change", rule.pk), address("test", rule.pk)):
        assert client.get(page).status_code == 403
    assert client.post(address("test", rule.pk), {"deed": "off"}).status_code == 403
    rule.refresh_from_db()
    assert rule.is_live


def test_the_rules_of_another_amana_are_not_hers(desk, city):
    elsewhere = factories.district("BAHA-001", column=9)
    elsewhere.amana = factories.amana("baha", prefix="BH")
    elsewhere.save()
    rule = factories.rule("Of Taif", is_live=False)
    desk.user.amana = elsewhere.amana
    desk.user.save()

    test = desk.post(address("test", rule.pk), {"deed": "try", "days": 30})
    new = desk.post(address("add"), filled(name="Another"))

    assert "Of Taif" not in desk.get(address("changelist")).content.decode()
    assert (test.status_code, new.status_code) == (404, 403)
    assert RoutingRule.objects.get().tested_at is None
