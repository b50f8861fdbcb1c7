"""How the demo's teams work: live routing rules and a draft, a job, and a contractor's link."""

from collections import defaultdict
from datetime import time
from typing import Any
from uuid import uuid4

from gis_app.accounts.models import User
from gis_app.catalogue.models import Element
from gis_app.distortions.models import Distortion
from gis_app.distortions.status import Status
from gis_app.treatment.jobs import make_job
from gis_app.treatment.links import MOST_DAYS, make_link
from gis_app.treatment.models import Team
from gis_app.treatment.routing_actions import go_live, save_rule, try_rule

TESTED_DAYS = 90
JOB_TEAM, JOB_TITLE, MOST_OF_A_JOB = "cleaning", "جولة نظافة في الحي", 6
LINK_TEAM, LINK_LABEL = "roads", "طاقم المقاول في الميدان"


def make_teamwork(rules: list[dict[str, Any]]) -> None:
    """Make the *rules* of the fixture, live but for drafts; a job; a crew's link."""
    planner, desk = (User.objects.get(is_demo=True, role=role) for role in ("planner", "triage"))
    for facts in rules:
        _make_rule(facts, by=planner)
    numbers = _waiting_in_one_district()
    if numbers:
        make_job(numbers=numbers, team=JOB_TEAM, title=JOB_TITLE, id=uuid4(), by=desk)
    make_link(team=LINK_TEAM, label=LINK_LABEL, days=MOST_DAYS, id=uuid4(), by=desk)


def _make_rule(facts: dict[str, Any], *, by: User) -> None:
    team = Team.objects.select_related("amana").get(code=facts["team"])
    hours = [facts.get(name) for name in ("from_time", "to_time")]
    begin, end = (time.fromisoformat(text) if text else None for text in hours)
    rule = save_rule(
        by=by,
        position=facts["position"],
        name=facts["name"],
        amana=team.amana,
        team=team,
        elements=Element.objects.filter(code__in=facts.get("elements", ())),
        districts=[],
        sources=[],
        weekdays=facts.get("weekdays", []),
        least_severity=facts.get("least_severity", 1),
        assigns=facts.get("assigns", False),
        from_time=begin,
        to_time=end,
    )
    if not facts.get("is_draft"):
        try_rule(rule=rule, by=by, days=TESTED_DAYS)
        go_live(rule=rule, by=by)


def _waiting_in_one_district() -> list[str]:
    """Number what waits for the job's team where most of it waits."""
    waiting = Distortion.objects.filter(
        element__teams__code=JOB_TEAM, status__in=(Status.ACCEPTED, Status.REOPENED)
    )
    by_district = defaultdict(list)
    for number, district in waiting.order_by("number").values_list("number", "district"):
        by_district[district].append(number)
    return max(by_district.values(), key=len, default=[])[:MOST_OF_A_JOB]
