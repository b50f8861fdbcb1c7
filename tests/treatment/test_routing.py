"""Which team a distortion goes to: the first live rule that fits, and none that was not tested."""

from datetime import datetime, time
from uuid import uuid4

import pytest
from django.utils import timezone

from gis_app.errors import Forbidden, Refused
from gis_app.treatment.actions import make_move
from gis_app.treatment.queries import misfit, tasks_of_teams, teams_for
from gis_app.treatment.routes import MOST_PAST, accepted_past, route
from gis_app.treatment.routing_actions import go_live, save_rule, take_off, try_rule
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def moment(weekday: str, clock: str) -> datetime:
    """That hour in Riyadh, in the week of Sunday 1 November 2026."""
    day = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"].index(weekday) + 1
    return timezone.make_aware(datetime(2026, 11, day, *map(int, clock.split(":"))))


def routed(found, at=None):
    rule = route(found, at=at or timezone.now())
    return rule and rule.name


# --- teams


def test_teams_that_fit_are_offered_first_and_the_others_say_why_not(city):
    found = factories.distortion("accepted")
    everything = factories.team("z-everything")
    elsewhere, other_kind = factories.team("a-elsewhere"), factories.team("a-other-kind")
    elsewhere.districts.add(city.east)
    other_kind.elements.add(factories.element("pothole"))

    offered = teams_for(found)

    assert {row.team for row in offered[:2]} == {city.team, everything}
    assert [(row.team.code, str(misfit(row) or "")) for row in offered[2:]] == [
        ("a-elsewhere", "does not work in this district"),
        ("a-other-kind", "does not treat this kind"),
    ]


def test_a_team_that_does_not_fit_can_be_chosen_all_the_same(city):
    other_kind = factories.team("other-kind")
    other_kind.elements.add(factories.element("pothole"))

    found = factories.move("assign", factories.distortion("accepted"), team=other_kind.code)

    assert found.team == other_kind


def test_a_teams_load_is_what_it_has_not_treated_yet(city):
    for status in ("assigned", "in_progress", "treated", "verified"):
        factories.distortion(status)

    assert [row.status for row in tasks_of_teams()] == ["assigned", "in_progress"]


# --- which rule


def test_the_first_rule_that_fits_decides(city):
    factories.rule("potholes", elements=[factories.element("pothole")])
    factories.rule("the east", districts=[city.east])
    factories.rule("the rest")

    hole = factories.distortion(code="pothole", **factories.inside(2))
    wall, elsewhere = factories.distortion(**factories.inside(2)), factories.distortion()

    assert [routed(row) for row in (hole, wall, elsewhere)] == ["potholes", "the east", "the rest"]


def test_severity_and_source_are_conditions(city):
    factories.rule("severe", least_severity=3)
    factories.rule("by telephone", sources=["940"])

    told = {"by": factories.staff("inspector"), "source": "940"}

    assert routed(factories.distortion(code="pothole")) == "severe"
    assert routed(factories.distortion(**told)) == "by telephone"
    assert routed(factories.distortion(**factories.inside(1))) is None


@pytest.mark.parametrize(
    ("weekday", "clock", "fits"),
    [
        ("thu", "22:00", True),
        ("thu", "23:30", True),
        ("fri", "00:30", True),
        ("fri", "06:00", False),
        ("fri", "22:30", False),
        ("thu", "21:59", False),
        ("thu", "00:30", False),
    ],
)
def test_hours_past_midnight_belong_to_the_day_on_which_they_begin(city, weekday, clock, fits):
    factories.rule("Thursday night", weekdays=[4], from_time=time(22), to_time=time(6))

    found = routed(factories.distortion(), moment(weekday, clock))

    assert (found == "Thursday night") is fits


def test_hours_of_a_day_end_before_the_last_minute(city):
    factories.rule("mornings", from_time=time(7), to_time=time(12))
    found = factories.distortion()

    clocks = ("06:59", "07:00", "11:59", "12:00")

    assert [bool(routed(found, moment("mon", clock))) for clock in clocks] == [
        False,
        True,
        True,
        False,
    ]


def test_a_rule_of_a_team_out_of_service_is_passed_over(city):
    gone = factories.team("gone")
    factories.rule("first", to=gone)
    factories.rule("second", elements=[factories.element("graffiti")], is_live=False)
    gone.is_active = False
    gone.save()

    assert routed(factories.distortion()) is None


# --- what it does


def test_a_rule_that_assigns_does_so_at_acceptance_by_a_step_of_its_own(city):
    night = factories.team("night")
    factories.rule("Everything to the night", to=night, assigns=True)
    by = factories.staff("triage")
    found, id = factories.distortion(), uuid4()

    for _again in range(2):
        step, _is_new = make_move("accept", number=found.number, id=id, by=by)

    found.refresh_from_db()
    accepted, assigned = found.steps.order_by("pk")[1:]
    assert (found.status, found.team) == ("assigned", night)
    assert (accepted.move, assigned.move, assigned.by) == ("accept", "assign", by)
    assert accepted.at == assigned.at
    assert "Everything to the night" in assigned.text.note
    assert (step.to_status, step.distortion.version) == ("accepted", 3)


def test_a_rule_that_only_suggests_leaves_it_to_the_desk(city):
    factories.rule("a suggestion")

    assert factories.distortion("accepted").status == "accepted"


def test_accepting_with_a_team_assigns_it_whatever_the_rules_say(city):
    factories.rule("other", to=factories.team("other"), assigns=True)
    today = timezone.localdate()

    found = factories.move("accept", factories.distortion(), team=city.team.code, due_date=today)

    assert (found.status, found.team) == ("assigned", city.team)
    assert timezone.localdate(found.due_at) == today


def test_nothing_is_accepted_when_its_team_is_refused(city):
    found = factories.distortion()

    with pytest.raises(Refused):
        factories.move("accept", found, team="nobody")

    found.refresh_from_db()
    assert (found.status, found.steps.count()) == ("reported", 1)


# --- how it becomes live


def test_a_rule_goes_live_only_after_a_test_and_a_change_asks_for_another(city):
    planner = factories.staff("planner")
    rule = factories.rule(is_live=False)

    with pytest.raises(Refused, match="Test it first"):
        go_live(rule=rule, by=planner)
    try_rule(rule=rule, by=planner, days=30)
    assert go_live(rule=rule, by=planner).is_live

    facts = {name: getattr(rule, name) for name in RULE}
    changed = save_rule(by=planner, rule=rule, elements=[], districts=[], **facts)
    assert not changed.is_live
    with pytest.raises(Refused, match="Test it first"):
        go_live(rule=changed, by=planner)


RULE = (
    "position", "name", "amana", "sources", "weekdays", "least_severity", "from_time", "to_time",
    "team", "assigns",
)  # fmt: skip


def test_a_test_says_what_each_rule_would_have_taken(city):
    night = factories.team("night")
    for _ in range(2):
        factories.distortion("assigned", code="pothole")  # to the first team
    factories.distortion("accepted", code="pothole", **factories.inside(1))
    factories.distortion("assigned", **factories.inside(2))
    factories.distortion("reported", **factories.inside(1))
    live = factories.rule("east", districts=[city.east])
    draft = factories.rule(
        "potholes", to=night, elements=[factories.element("pothole")], is_live=False
    )

    told, untaken = try_rule(rule=draft, by=factories.staff("planner"), days=30)

    assert [(row.rule, row.taken, row.same, row.changed, row.never) for row in told] == [
        (live, 1, 1, 0, 0),
        (draft, 3, 0, 2, 1),
    ]
    assert dict(told[1].others) == {city.team.pk: 2}
    assert untaken == 0


def test_a_look_at_the_past_has_an_end(city, django_assert_num_queries):
    factories.distortion("accepted")

    with django_assert_num_queries(1) as asked:
        accepted_past(city.amana.pk, days=30)

    assert f"LIMIT {MOST_PAST}" in asked[0]["sql"]


def test_a_rule_that_an_earlier_one_hides_does_not_go_live(city):
    first = factories.rule("all graffiti", elements=[factories.element("graffiti")])
    hidden = factories.rule(
        "graffiti at night",
        elements=[factories.element("graffiti")],
        from_time=time(20),
        to_time=time(6),
        is_live=False,
    )
    try_rule(rule=hidden, by=factories.staff("planner"), days=1)

    with pytest.raises(Refused, match="all graffiti"):
        go_live(rule=hidden, by=factories.staff("planner"))

    take_off(rule=first, by=factories.staff("planner"))
    assert go_live(rule=hidden, by=factories.staff("planner")).is_live


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"from_time": time(8)}, "to_time"),
        ({"to_time": time(8)}, "to_time"),
        ({"from_time": time(8), "to_time": time(8)}, "to_time"),
        ({"weekdays": [7]}, "weekdays"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(city, facts, field):
    with pytest.raises(Refused) as refusal:
        factories.rule(**facts)

    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize("role", ["triage", "crew", "verifier", "inspector", "resident"])
def test_rules_are_the_planners(city, role):
    rule, by = factories.rule(), factories.user(role)

    for deed in (go_live, take_off):
        with pytest.raises(Forbidden):
            deed(rule=rule, by=by)
    with pytest.raises(Forbidden):
        try_rule(rule=rule, by=by, days=1)
