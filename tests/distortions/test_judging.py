"""What the desk decides about photos and words: by whom, and that each decision is a step."""

import pytest

from gis_app.distortions.judging import clear_photo, clear_text, withhold_photo, withhold_text
from gis_app.distortions.models import Photo
from gis_app.errors import Forbidden, Refused
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_decision_can_be_changed_and_ends_the_waiting(city, triage):
    photo = factories.photo(report=factories.report())
    assert list(Photo.objects.uncleared()) == [photo]

    withhold_photo(token=photo.token, by=triage.user)
    assert not Photo.objects.uncleared().exists()

    cleared = clear_photo(token=photo.token, by=triage.user)
    assert cleared.cleared_at
    assert not cleared.withheld_at


def test_words_are_cleared_or_withheld(city, triage):
    report = factories.report(description="Paint on the school's wall.")

    cleared = clear_text(report_id=report.pk, by=triage.user)
    assert cleared.text_cleared_at

    withheld = withhold_text(report_id=report.pk, by=triage.user)
    assert withheld.text_withheld_at
    assert not withheld.text_cleared_at


def test_each_decision_is_a_step_with_who_when_and_from_what(city, triage):
    report = factories.report(description="Paint on the school's wall.")
    photo = factories.photo(report=report)

    clear_photo(token=photo.token, by=triage.user)
    withhold_photo(token=photo.token, by=triage.user)
    clear_text(report_id=report.pk, by=triage.user)

    steps = list(report.distortion.steps.exclude(move="report"))
    assert [(step.move, step.differences) for step in steps] == [
        ("publish", {f"photo:{photo.pk}": ["waiting", "published"]}),
        ("withhold", {f"photo:{photo.pk}": ["published", "withheld"]}),
        ("publish", {f"words:{report.number}": ["waiting", "published"]}),
    ]
    assert {step.by for step in steps} == {triage.user}
    report.distortion.refresh_from_db()
    assert report.distortion.version == 4


def test_the_same_decision_again_changes_nothing(city, triage):
    photo = factories.photo(report=factories.report())
    first = clear_photo(token=photo.token, by=triage.user)

    again = clear_photo(token=photo.token, by=triage.user)

    assert again.cleared_at == first.cleared_at
    assert photo.distortion.steps.count() == 2


def test_what_was_merged_is_judged_where_it_is_now(city, triage):
    report = factories.report()
    photo = factories.photo(report=report)
    merged = factories.move("merge", report.distortion)

    clear_photo(token=photo.token, by=triage.user)

    assert merged.merged_into.steps.latest("pk").move == "publish"


@pytest.mark.parametrize("role", ["resident", "inspector", "crew", "planner"])
def test_only_the_desk_decides(city, role):
    report = factories.report()
    photo = factories.photo(report=report)
    other = factories.user(role)

    for decide in (clear_photo, withhold_photo):
        with pytest.raises(Forbidden):
            decide(token=photo.token, by=other)
    for decide in (clear_text, withhold_text):
        with pytest.raises(Forbidden):
            decide(report_id=report.pk, by=other)


def test_the_desk_decides_in_its_own_part_of_the_city(city):
    report = factories.report()
    photo = factories.photo(report=report)
    elsewhere = factories.user("triage", sub_municipality=factories.sub_municipality("taif-east"))

    with pytest.raises(Refused) as refusal:
        clear_photo(token=photo.token, by=elsewhere)
    assert refusal.value.status == 404
    with pytest.raises(Refused) as refusal:
        clear_text(report_id=report.pk, by=elsewhere)
    assert refusal.value.status == 404
