"""Who joins what: once a person, never a thing that cannot be the same, never lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from gis_app.distortions.actions import submit, support
from gis_app.distortions.joining import MOST_DEVICES, NoSuchDistortion
from gis_app.distortions.models import Contact, Distortion, Report
from gis_app.errors import Refused, TooMany
from gis_app.geo import crs
from tests import factories
from tests.factories import inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ANYBODY = AnonymousUser()
M = 1 / 103_700  # degrees of longitude in a metre


def joining(known: Distortion | str, *, metres: float = 0, code="graffiti", **facts) -> Report:
    """A report that names *known*, sent that many metres east of the middle."""
    place = inside()
    return submit(
        id=uuid4(),
        by=facts.pop("by", ANYBODY),
        element=factories.element(code).code,
        geometry=crs.point(lon=place["lon"] + metres * M, lat=place["lat"]),
        observed_at=timezone.now() - timedelta(minutes=5),
        same_as=str(known),
        client="a phone",
        **facts,
    )[0]


def supported(known: Distortion, *, device="d1", **facts) -> tuple[Report, bool]:
    return support(
        number=known.number, by=facts.pop("by", ANYBODY), client="a phone", device=device, **facts
    )


# --- naming a number in a report


def test_one_device_counts_once_and_another_one_too(city):
    known = factories.distortion(device="d1")

    for device in ("d1", "d2", "d2"):
        joining(known, device=device)

    known.refresh_from_db()
    assert (known.reports_count, known.supporters_count) == (4, 2)
    assert [step.move for step in known.steps.all()] == ["report", "join", "join", "join"]


def test_a_person_counts_once_on_all_her_devices(city, resident):
    known = factories.distortion(device="d1")

    for device in ("d2", "d3"):
        joining(known, device=device, by=resident.user)

    known.refresh_from_db()
    assert known.supporters_count == 2


def test_people_are_never_told_by_their_device(city):
    report = joining("", device="my telephone")

    assert "my telephone" not in report.supporter
    assert len(report.supporter) == 64


@pytest.mark.parametrize(("metres", "joins"), [(119, True), (125, False)])
def test_what_is_too_far_away_is_reported_anew(city, metres, joins):
    known = factories.distortion()

    assert (joining(known, metres=metres).distortion == known) == joins


def test_a_rough_place_may_be_as_far_away_as_it_is_rough(city):
    known = factories.distortion()

    assert joining(known, metres=400, accuracy_m=450).distortion == known


def test_another_kind_is_reported_anew_unless_it_is_often_mistaken_for_it(city):
    known = factories.distortion()

    assert joining(known, code="pothole").distortion != known
    known.element.related.add(factories.element("pothole"))
    assert joining(known, code="pothole").distortion == known


def test_a_number_that_is_hidden_and_one_that_is_none_are_answered_alike(city):
    hidden = factories.distortion("rejected")

    answers = [joining(number) for number in (hidden, "TF-00-000000", "nothing at all")]

    assert [report.distortion.status for report in answers] == ["reported"] * 3
    assert hidden.number not in {report.distortion.number for report in answers}


def test_whoever_works_elsewhere_joins_as_the_public_does(city, triage):
    settled = factories.distortion("referred")

    assert joining(settled, by=triage.user).distortion != settled


def test_a_private_one_is_joined_from_where_the_public_sees_it(city):
    factories.element("street_vendor", is_private=True)
    known = factories.distortion(code="street_vendor")

    assert joining(known, code="street_vendor", metres=20).distortion == known


def test_a_report_follows_a_chain_of_merges_to_its_end(city):
    first, second, third = (factories.distortion() for _ in range(3))
    factories.move("merge", first, into=second.number)
    factories.move("merge", second, into=third.number)

    report = joining(first)

    assert report.distortion == third
    assert report.distortion.reports_count == 4


def test_a_merge_brings_people_together_and_its_undoing_apart(city):
    survivor, merged = factories.distortion(device="d1"), factories.distortion(device="d1")
    joining(merged, device="d2")

    factories.move("merge", merged, into=survivor.number)
    survivor.refresh_from_db()
    together = (survivor.reports_count, survivor.supporters_count)
    factories.move("unmerge", merged)

    assert together == (3, 2)
    for row, counted in ((survivor, (1, 1)), (merged, (2, 2))):
        row.refresh_from_db()
        assert (row.reports_count, row.supporters_count) == counted


# --- "I see it too"


def test_one_press_is_a_report_without_words_where_the_public_sees_it(city):
    known = factories.distortion(device="d0")

    report, is_new = supported(known)

    known.refresh_from_db()
    assert is_new
    assert (report.distortion, report.description, report.source) == (known, "", "resident")
    assert report.geometry == known.public_geometry
    assert (known.reports_count, known.supporters_count) == (2, 2)


def test_a_private_place_is_not_told_by_supporting_it(city):
    factories.element("street_vendor", is_private=True)
    known = factories.distortion(code="street_vendor")

    report, _ = supported(known)

    assert report.geometry == known.public_geometry != known.geometry


def test_pressing_again_is_the_first_press(city):
    known = factories.distortion()
    first, _ = supported(known)

    assert supported(known) == (first, False)
    assert Report.objects.count() == 2


def test_whoever_reported_it_has_told_us_already(city):
    known = factories.distortion(device="d1")

    report, is_new = supported(known, device="d1")

    assert not is_new
    assert report == known.reports.get()


def test_a_contact_can_be_left_later_and_is_not_changed_by_it(city):
    known = factories.distortion()
    supported(known)

    supported(known, contact={"phone": "0501234567"})
    supported(known, contact={"phone": "0509999999"})

    assert [contact.phone for contact in Contact.objects.all()] == ["+966501234567"]


def test_a_merged_number_supports_the_survivor(city):
    merged = factories.distortion("merged")

    report, _ = supported(merged)

    assert report.distortion == merged.merged_into


@pytest.mark.parametrize("status", ["treated", "verified"])
def test_what_is_no_longer_open_is_not_supported(city, status):
    with pytest.raises(Refused, match="send a new report"):
        supported(factories.distortion(status))


def test_a_hidden_one_is_not_there(city):
    with pytest.raises(NoSuchDistortion):
        supported(factories.distortion("rejected"))


def test_presses_are_counted_with_the_reports_of_a_place(city, settings):
    known = factories.distortion(client="another phone")
    settings.RASD_REPORTS_PER_HOUR = 1
    supported(known)

    with pytest.raises(TooMany):
        supported(known, device="d2")


def test_a_device_is_a_short_text(city):
    with pytest.raises(Refused) as refusal:
        joining("", device="x" * 65)

    assert list(refusal.value.fields) == ["device"]


# --- one who makes many of herself


def test_of_one_address_no_more_devices_press_than_a_house_has(city):
    known = factories.distortion()
    for number in range(MOST_DEVICES):
        supported(known, device=f"d{number}")

    with pytest.raises(TooMany):
        supported(known, device="one more")
    report, is_new = supported(known, device="d0")

    known.refresh_from_db()
    assert known.supporters_count == MOST_DEVICES + 1
    assert (report.distortion, is_new) == (known, False)


def test_reports_of_more_devices_than_that_are_kept_and_count_once(city):
    known = factories.distortion(device="the first")
    for number in range(MOST_DEVICES + 3):
        joining(known, device=f"d{number}")

    known.refresh_from_db()
    assert known.reports_count == MOST_DEVICES + 4
    assert known.supporters_count == MOST_DEVICES + 2
