"""Whose work ends where: by amana, sub-municipality, district, element and team, in every door alike."""

import pytest
from django.core.management import call_command

from gis_app.accounts.models import User
from gis_app.catalogue.models import Element
from gis_app.distortions.models import Distortion
from gis_app.distortions.queries import sees_everything
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def apart(city):
    """A rejected case of each of two elements in each of two districts: not public, staff's own."""
    return {
        (code, place): factories.distortion("rejected", code=code, **inside(column))
        for code in ("graffiti", "pothole")
        for column, place in enumerate(("west", "middle"))
    }


def limited(browser, *, districts=(), elements=()):
    browser.user.districts.set(districts)
    browser.user.elements.set(Element.objects.filter(code__in=elements))
    return browser


def opened(browser, apart, address="/desk/{}/") -> set:
    """Which of the cases *browser* can open."""
    return {
        name
        for name, found in apart.items()
        if browser.get(address.format(found.number)).status_code == 200
    }


def test_without_a_scope_everything_is_ones_work(triage, apart):
    assert opened(triage, apart) == set(apart)
    assert sees_everything(triage.user)


@pytest.mark.parametrize("address", ["/desk/{}/", "/d/{}/", "/api/v1/distortions/{}"])
@pytest.mark.parametrize(
    ("districts", "elements", "expected"),
    [
        (["west"], [], {("graffiti", "west"), ("pothole", "west")}),
        ([], ["pothole"], {("pothole", "west"), ("pothole", "middle")}),
        (["middle"], ["pothole"], {("pothole", "middle")}),
    ],
)
def test_a_scope_is_the_same_in_every_door(
    triage, city, apart, address, districts, elements, expected
):
    limited(triage, districts=[getattr(city, name) for name in districts], elements=elements)

    assert opened(triage, apart, address) == expected


def test_lists_and_searches_end_where_the_scope_ends(triage, city):
    facts = {"description": "By the old mill."}
    mine, other = (factories.distortion(**facts, **inside(column)) for column in (0, 1))
    limited(triage, districts=[city.west])

    rows = triage.get("/desk/").context["rows"]
    found = triage.get("/api/v1/distortions", {"q": "mill"}).json()["features"]

    assert [row.number for row in rows] == [mine.number]
    assert [feature["id"] for feature in found] == [mine.number]
    assert triage.get(f"/desk/{other.number}/").status_code == 404


def test_the_desk_offers_only_what_is_in_the_scope(triage, city):
    limited(triage, districts=[city.west], elements=["pothole"])

    told = triage.get("/desk/").context

    assert [row.code for row in told["elements"]] == ["pothole"]
    assert [row.code for row in told["district_names"]] == ["TAIF-001"]


def test_a_narrow_scope_is_asked_of_the_database_once(triage, city, django_assert_max_num_queries):
    limited(triage, districts=[city.west], elements=["graffiti"])
    for _ in range(2):
        factories.distortion()
    with django_assert_max_num_queries(80) as few:
        triage.get("/desk/")
    triage.user.districts.add(city.middle, city.east)
    for _ in range(6):
        factories.distortion()

    with django_assert_max_num_queries(len(few)):
        triage.get("/desk/")


def test_the_admin_shows_the_same_rows_as_the_desk(admin, city, apart):
    User.objects.filter(pk=admin.user.pk).update(is_staff=True, is_superuser=True)
    limited(admin, districts=[city.west])
    for found in apart.values():
        factories.photo(report=found.reports.get(), by=admin.user)

    for model in ("distortion", "report", "photo"):
        shown = admin.get(f"/admin/distortions/{model}/").context["cl"].result_count
        assert shown == 2, model
    other = Distortion.objects.get(pk=apart["pothole", "middle"].pk)
    assert admin.get(f"/admin/distortions/distortion/{other.pk}/change/").status_code == 302


def test_whoever_sets_the_system_up_is_its_administrator(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-long-password")

    call_command("createsuperuser", username="root", email="root@example.sa", interactive=False)

    assert User.objects.get(username="root").role == "admin"
