"""The registers of parks and kiosk sites."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import MultiPolygon

from gis_app.errors import Forbidden, Refused
from gis_app.geo import crs
from gis_app.layers import LAYERS
from gis_app.sites.actions import save_kiosk, save_park
from gis_app.sites.models import KioskSite, Park
from tests import factories
from tests.factories import inside, square


@pytest.fixture
def planner_user(city):
    return factories.user("planner")


def garden(column=0) -> MultiPolygon:
    """A tenth of a square's side, in its south-west corner."""
    return square(column, side=factories.SIDE / 10)


def spot(column=0, **shares):
    return crs.point(**inside(column, **shares))


def kiosk(by, status=None, **told):
    facts = {"code": "K-1", "name_ar": "كشك الورد", "geometry": spot()} | told
    return save_kiosk(by=by, status=status, **facts)


def park(by, **told):
    return save_park(
        by=by, **({"code": "P-1", "name_ar": "حديقة الورد", "geometry": garden()} | told)
    )


def test_a_park_lies_in_its_district_with_its_area_measured(planner_user):
    saved, is_new = park(planner_user, amenities=["shade", "play"], kind="garden")

    saved.refresh_from_db()
    assert is_new
    assert saved.district.code == "TAIF-001"
    assert saved.area_m2 == pytest.approx(11_487, abs=5)
    assert saved.amenities == ["shade", "play"]


def test_one_polygon_serves_as_a_park(planner_user):
    saved, _new = park(planner_user, geometry=garden()[0])

    assert saved.boundary.geom_type == "MultiPolygon"


def test_the_same_code_changes_the_park(planner_user):
    park(planner_user, name_en="Rose Garden")

    saved, is_new = park(planner_user, name_ar="حديقة الجبل", geometry=garden(1))

    saved.refresh_from_db()
    assert not is_new
    assert Park.objects.count() == 1
    assert (saved.name_ar, saved.name_en) == ("حديقة الجبل", "Rose Garden")
    assert saved.district.code == "TAIF-002"


@pytest.mark.parametrize("role", ["resident", "inspector", "crew", "triage", "verifier"])
def test_other_roles_may_not_change_the_registers(city, role):
    with pytest.raises(Forbidden):
        park(factories.user(role))
    with pytest.raises(Forbidden):
        kiosk(factories.user(role))


def test_nobody_in_particular_may_not_change_the_registers(city):
    with pytest.raises(Forbidden):
        park(AnonymousUser())


def test_a_planner_of_one_sub_municipality_changes_only_its_sites(city):
    by = factories.user("planner", sub_municipality=factories.sub_municipality("taif-north"))

    with pytest.raises(Forbidden):
        park(by)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "a/b"}, "code"),
        ({"name_ar": " "}, "name_ar"),
        ({"name_ar": "ح" * 121}, "name_ar"),
        ({"kind": "forest"}, "kind"),
        ({"amenities": ["shade", "lions"]}, "amenities"),
        ({"geometry": crs.point(lon=40.405, lat=21.265)}, "geometry"),
        ({"geometry": square(9)}, "geometry"),
    ],
)
def test_a_park_that_cannot_be_is_refused_by_field(planner_user, told, field):
    with pytest.raises(Refused) as refusal:
        park(planner_user, **told)

    assert list(refusal.value.fields) == [field]
    assert Park.objects.count() == 0


def test_a_kiosk_site_goes_its_way_and_every_change_is_kept(planner_user):
    for status in ("candidate", "approved", "permitted", "operating", "closed", "candidate"):
        saved, _new = kiosk(planner_user, status, reason=f"to {status}")

    events = saved.events.values_list("from_status", "to_status", "reason", "by")
    assert list(events)[:3] == [
        ("", "candidate", "to candidate", planner_user.pk),
        ("candidate", "approved", "to approved", planner_user.pk),
        ("approved", "permitted", "to permitted", planner_user.pk),
    ]
    assert len(events) == 6


def test_a_kiosk_site_skips_no_status(planner_user):
    kiosk(planner_user, "candidate")

    with pytest.raises(Refused) as refusal:
        kiosk(planner_user, "operating")

    assert list(refusal.value.fields) == ["status"]
    assert KioskSite.objects.get().status == "candidate"


def test_a_kiosk_site_that_is_described_anew_keeps_its_status(planner_user):
    kiosk(planner_user, "approved", holder="ورد وهيل")

    saved, _new = kiosk(planner_user, name_ar="كشك الجبل")

    assert (saved.status, saved.holder) == ("approved", "ورد وهيل")
    assert saved.events.count() == 1


def test_the_distortions_inside_a_park_are_those_that_the_reader_may_see(planner_user):
    saved, _new = park(planner_user)
    within = factories.distortion(**inside(0, east=0.05, north=0.05))
    rejected = factories.distortion("rejected", **inside(0, east=0.06, north=0.06))
    factories.distortion(**inside(0, east=0.5))

    question = {"park": saved.code}
    seen = LAYERS["distortions"].rows(AnonymousUser(), question)
    all_of_them = LAYERS["distortions"].rows(planner_user, question)

    assert list(seen) == [within]
    assert set(all_of_them) == {within, rejected}


def test_sites_are_described_in_one_query(planner_user, django_assert_num_queries):
    park(planner_user)
    park(planner_user, code="P-2", geometry=garden(1))

    with django_assert_num_queries(1):
        rows = [(row.name, row.district_name) for row in Park.objects.described()]

    assert sorted(rows) == [("حديقة الورد", "حي TAIF-001"), ("حديقة الورد", "حي TAIF-002")]
