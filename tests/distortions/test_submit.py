"""A report comes in once, whatever the network does, and in the right district."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gis_app.distortions.actions import submit
from gis_app.distortions.models import Contact, Distortion, Report, Step
from gis_app.errors import Conflict, Forbidden, Refused, TooMany
from gis_app.geo import crs
from tests import factories
from tests.factories import inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def send(**facts):
    asked = {
        "id": uuid4(),
        "by": AnonymousUser(),
        "element": "graffiti",
        "geometry": crs.point(**inside()),
        "observed_at": timezone.now() - timedelta(hours=1),
        "client": "a phone",
    }
    return submit(**(asked | facts))


def test_a_report_opens_a_distortion_in_its_district(city):
    report, is_new = send(geometry=crs.point(**inside(1)), description="  على الجدار  ", quantity=3)

    assert is_new
    assert report.description == "على الجدار"
    found = report.distortion
    assert (found.status, found.district, found.severity) == ("reported", city.middle, 1)
    assert (found.reported_quantity, found.reports_count, found.version) == (3, 1, 1)
    assert [step.move for step in found.steps.all()] == ["report"]


def test_the_same_report_again_is_the_first_one(city):
    asked = {"id": uuid4(), "observed_at": timezone.now(), "description": "كتابة"}
    first, _ = send(**asked)

    again, is_new = send(**asked, client="another phone")

    assert (again, is_new) == (first, False)
    assert Report.objects.count() == Distortion.objects.count() == Step.objects.count() == 1


def test_an_identifier_is_good_for_one_report_only(city):
    asked = {"id": uuid4(), "observed_at": timezone.now()}
    send(**asked, description="كتابة")

    with pytest.raises(Conflict):
        send(**asked, description="كتابة أخرى")

    assert Report.objects.get().description == "كتابة"


def test_a_resend_is_answered_before_any_rule_is_asked(city, settings):
    settings.RASD_REPORTS_PER_HOUR = 1
    asked = {"id": uuid4(), "observed_at": timezone.now()}
    first, _ = send(**asked)
    city.west.versions.update(valid_to=timezone.localdate(), valid_from="2018-01-01")

    assert send(**asked) == (first, False)
    with pytest.raises(TooMany):
        send()


def test_a_place_outside_the_city_is_refused(city):
    with pytest.raises(Refused, match="outside the city"):
        send(geometry=crs.point(lon=39.0, lat=21.0))

    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("element", {"element": "unknown"}),
        ("geometry", {"geometry": Polygon.from_bbox((40.401, 21.261, 40.402, 21.262))}),
        ("geometry", {"geometry": LineString((40.4, 21.26), (40.45, 21.26))}),
        ("geometry", {"geometry": LineString((40.401, 21.261), (40.401, 21.261))}),
        ("geometry", {"geometry": LineString([(40.4 + n / 1e6, 21.261) for n in range(501)])}),
        ("geometry", {"geometry": Point(21.2, 400.4)}),
        ("geometry", {"geometry": GEOSGeometry("POINT EMPTY")}),
        ("description", {"description": "a\x07b"}),
        ("description", {"description": "x" * 2001}),
        ("place_note", {"place_note": "x" * 301}),
        ("quantity", {"quantity": -1}),
        ("quantity", {"quantity": float("nan")}),
        ("accuracy_m", {"accuracy_m": float("inf")}),
        ("observed_at", {"observed_at": timezone.now().replace(tzinfo=None)}),
        ("observed_at", {"observed_at": timezone.now() - timedelta(days=6 * 365)}),
        ("contact.phone", {"contact": {"phone": "12"}}),
        ("contact.email", {"contact": {"email": "nobody"}}),
    ],
)
def test_what_cannot_be_true_is_refused_by_its_field(city, field, facts):
    with pytest.raises(Refused) as refusal:
        send(**facts)

    assert list(refusal.value.fields) == [field]
    assert not Distortion.objects.exists()


def test_a_polygon_that_crosses_itself_is_refused(city):
    factories.element("pothole")
    bow = Polygon(((40.401, 21.261), (40.402, 21.262), (40.402, 21.261), (40.401, 21.262),
                   (40.401, 21.261)))  # fmt: skip

    with pytest.raises(Refused, match="crosses itself"):
        send(element="pothole", geometry=bow)


def test_height_is_dropped_and_seven_decimals_are_kept(city):
    report, _ = send(geometry=Point(40.40512345678, 21.265, 1650))

    assert report.geometry.coords == (40.4051235, 21.265)


def test_a_clock_that_is_ahead_is_not_believed_but_kept(city):
    ahead = timezone.now() + timedelta(hours=3)

    report, _ = send(observed_at=ahead)

    assert report.observed_at == report.received_at
    assert report.device_observed_at == ahead


def test_contacts_stand_beside_the_report_in_one_form(city):
    report, _ = send(contact={"name": " سارة ", "phone": "٠٥٠١٢٣٤٥٦٧", "email": ""})

    found = Contact.objects.get(report=report)
    assert (found.name, found.phone, found.email) == ("سارة", "+966501234567", "")


def test_controls_of_text_direction_are_dropped(city):
    report, _ = send(description="a\u202eb\u2066c")

    assert report.description == "abc"


def test_joining_counts_a_report_and_not_a_distortion(city):
    first, _ = send()

    second, _ = send(same_as=first.distortion.number)

    assert second.distortion == first.distortion
    assert Distortion.objects.get().reports_count == 2


def test_what_is_already_settled_is_not_joined_but_reported_anew(city):
    settled = factories.distortion("verified")

    report, _ = send(same_as=settled.number)

    assert report.distortion != settled


def test_a_report_joins_what_its_distortion_was_merged_into(city):
    merged = factories.distortion("merged")

    report, _ = send(same_as=merged.number)

    assert report.distortion == merged.merged_into
    assert report.distortion.reports_count == 3


@pytest.mark.parametrize("status", ["rejected", "referred"])
def test_what_was_turned_away_meanwhile_is_reported_anew(city, status):
    report, _ = send(same_as=factories.distortion(status).number)

    assert report.distortion.status == "reported"


def test_only_staff_may_name_a_source(city):
    with pytest.raises(Forbidden):
        send(source="940")

    report, _ = send(by=factories.staff("triage"), source="940", external_number="940-1")
    assert report.source == report.distortion.source == "940"
    with pytest.raises(Conflict):
        send(by=factories.staff("triage"), source="940", external_number="940-1")


def test_a_private_element_has_a_coarse_public_place(city):
    factories.element("street_vendor", is_private=True)

    found = send(element="street_vendor")[0].distortion

    assert found.geometry.coords == tuple(inside().values())
    assert found.public_geometry.coords != found.geometry.coords
    assert found.public_geometry.distance(found.geometry) < 0.005


class ResendingChangesNothing(TestCase):
    """However often and in whatever order reports arrive, each is stored once."""

    @settings(max_examples=15, derandomize=True, deadline=None)
    @given(order=st.lists(st.integers(0, 3), min_size=1, max_size=12))
    def test_any_order_of_resends(self, order):
        factories.district()
        factories.element("graffiti")
        observed_at = timezone.now()
        asked = [{"id": uuid4(), "quantity": n, "observed_at": observed_at} for n in range(4)]

        for which in order:
            send(**asked[which])

        assert Report.objects.count() == Distortion.objects.count() == len(set(order))
