"""A made city obeys the laws of a real one, and is the same for the same seed."""

from collections import Counter
from datetime import date
from itertools import pairwise
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from gis_app.accounts.models import User
from gis_app.demo.city import make_city
from gis_app.distortions.actions import submit
from gis_app.distortions.models import Distortion, Report, Step
from gis_app.distortions.status import UNDER_WAY, Status
from gis_app.places.queries import DistrictOf
from gis_app.treatment.actions import make_move
from gis_app.treatment.workflow import MOVES
from tests import factories

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 11, 1)
MADE = 500


@pytest.fixture
def made(demo):
    make_city(distortions=MADE, years=1.5, seed=7, until=UNTIL)
    return list(Distortion.objects.order_by("pk"))


def steps_of(found: Distortion) -> list[Step]:
    return list(found.steps.order_by("pk").select_related("text", "team", "by"))


def content(seed: int) -> list[tuple]:
    """What a seed makes, without keys, numbers and tokens; nothing of it stays."""
    with transaction.atomic():
        make_city(distortions=60, years=1, seed=seed, until=UNTIL)
        steps = Step.objects.order_by("pk").values_list(
            "distortion__geometry", "move", "at", "recorded_at", "to_quantity", "cost", "by"
        )
        reports = Report.objects.order_by("number").values_list(
            "geometry", "observed_at", "received_at", "description", "source", "accuracy_m"
        )
        made = [*steps, *reports]
        transaction.set_rollback(True)
    return made


def test_the_same_seed_makes_the_same_city(demo):
    assert content(1) == content(1)
    assert content(1) != content(2)


def test_there_are_as_many_distortions_as_asked_for(made):
    assert len(made) == MADE


def test_every_step_begins_where_the_one_before_it_ended(made):
    for found in made:
        steps = steps_of(found)
        first, last = steps[0], steps[-1]

        assert (first.move, first.from_status, first.from_district) == ("report", "", None)
        assert first.at == found.first_reported_at
        for before, after in pairwise(steps):
            assert after.from_status == before.to_status
            assert after.from_district_id == before.to_district_id
            assert after.from_element_id == before.to_element_id
            assert after.from_quantity == before.to_quantity
            assert before.at <= after.at <= after.recorded_at
            assert before.to_status in MOVES[after.move].starts
        assert (found.status, found.quantity) == (last.to_status, last.to_quantity)
        assert (found.team_id, found.due_at) == (last.team_id, last.due_at)
        assert found.version == len(steps)


def test_everything_lies_in_its_district(made):
    astray = Distortion.objects.annotate(there=DistrictOf("geometry"))
    reports = Report.objects.annotate(there=DistrictOf("geometry"))

    assert all(found.there == found.district_id for found in astray)
    assert all(found.there == found.distortion.district_id for found in reports)


def test_every_geometry_is_of_a_kind_that_its_element_allows(made):
    kinds = {"Point": "point", "LineString": "line", "Polygon": "polygon"}

    for found in made:
        assert kinds[found.geometry.geom_type] in found.element.geometries
        assert found.geometry.valid


def test_nothing_happens_after_the_end(made):
    end = timezone.make_aware(timezone.datetime(2026, 11, 1))

    assert not Step.objects.filter(recorded_at__gt=end).exists()
    assert not Report.objects.filter(received_at__gt=end).exists()


def test_all_reports_are_counted_those_of_merged_ones_too(made):
    for found in made:
        own = found.reports.count()
        theirs = sum(merged.reports_count for merged in found.merged.all())
        assert found.reports_count == own + theirs


def test_what_was_merged_into_was_under_way(made):
    merges = Step.objects.filter(move="merge")
    assert merges

    for step in merges:
        state = step.into.steps.filter(at__lt=step.at).latest("pk").to_status
        assert state in UNDER_WAY
        assert step.distortion.merged_into == step.into


def test_the_city_is_believable(made):
    status = Counter(found.status for found in made)
    district = Counter(found.district_id for found in made)

    assert set(status) >= set(Status) - {Status.REOPENED}
    assert MADE / 3 < status["verified"] < MADE * 0.9
    assert 0 < status["reported"] < MADE / 5
    assert max(district.values()) > 1.5 * min(district.values())
    assert Distortion.objects.filter(reports_count__gt=1).count() > MADE / 10
    assert 0 < Distortion.objects.late().count() < MADE / 2


def test_a_life_is_what_the_app_itself_would_have_written(demo):
    """One distortion of each kind of life is led through the same moves by the app's actions."""
    make_city(distortions=MADE, years=1.5, seed=7, until=timezone.localdate())
    lives = {
        tuple(step.move for step in steps_of(found)): found
        for found in Distortion.objects.exclude(status=Status.MERGED).order_by("pk")
    }
    assert {"reopen", "send_back", "give_back", "correct", "return"} < {
        move for moves in lives for move in moves
    }

    for moves, found in lives.items():
        twin = led_like(found)

        assert [written(step) for step in steps_of(twin)] == [
            written(step) for step in steps_of(found)
        ], moves
        for name in ("status", "treated_at", "verified_at", "reported_quantity", "severity"):
            assert getattr(twin, name) == getattr(found, name), (moves, name)


def led_like(found: Distortion) -> Distortion:
    """A second distortion, moved like *found* by make_move."""
    report, _new = submit(
        id=uuid4(),
        by=AnonymousUser(),
        element=found.element.code,
        geometry=found.geometry,
        observed_at=found.first_reported_at,
        quantity=found.reports.order_by("received_at").first().quantity,
        client=str(uuid4()),
    )
    for step in steps_of(found)[1:]:
        make_move(
            step.move, number=report.distortion.number, id=uuid4(), by=step.by, at=step.at,
            **brought(step, report.distortion),
        )  # fmt: skip
    report.distortion.refresh_from_db()
    return report.distortion


def brought(step: Step, twin: Distortion) -> dict:
    text = getattr(step, "text", None)
    told = {"reason": text.reason, "body": text.body, "reference": text.reference} if text else {}
    if step.move == "assign":
        told["team"] = step.team.code
    if step.move in ("treat", "correct"):
        told["quantity"] = step.to_quantity
    if step.move == "treat":
        data = factories.picture(f"#{step.pk % 2**24:06x}")
        factories.photo(data=data, by=step.by, distortion=twin, kind="after")
        told |= {"photos": [factories.sha256(data)], "cost": step.cost}
    return told


def written(step: Step) -> tuple:
    text = getattr(step, "text", None)
    words = (text.reason, text.body, text.reference) if text else None
    names = ("move", "at", "team", "from_status", "to_status", "to_district", "to_element",
             "from_quantity", "to_quantity", "due_at", "cost", "into")  # fmt: skip
    return *(getattr(step, name) for name in names), words


def test_a_city_is_made_on_the_embedded_database_only(demo, settings):
    settings.RASD_EMBEDDED = False

    with pytest.raises(CommandError, match="embedded"):
        call_command("make_city", distortions=1)


def test_a_city_is_not_made_without_accounts(city, settings):
    settings.RASD_EMBEDDED = True

    with pytest.raises(CommandError, match="demonstration accounts"):
        call_command("make_city", distortions=1)


def test_nobody_verifies_what_he_treated(made):
    treaters = set(Step.objects.filter(move="treat").values_list("by", flat=True))
    verifiers = set(Step.objects.filter(move="verify").values_list("by", flat=True))

    assert treaters
    assert verifiers
    assert not treaters & verifiers
    assert User.objects.exclude(is_demo=True).count() == 0
