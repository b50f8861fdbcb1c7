"""Django's admin: every list opens, nothing is written behind the actions' back, no map is asked for."""

import pytest
from django.contrib import admin as site
from django.urls import reverse

from gis_app.catalogue.models import Element
from gis_app.geo import crs
from gis_app.sites.actions import save_kiosk
from gis_app.sites.models import KioskEvent, KioskSite, Park
from tests import factories

pytestmark = pytest.mark.django_db
MODELS = sorted(site.site._registry, key=lambda model: model._meta.label)
EVENTS = {"events-TOTAL_FORMS": 0, "events-INITIAL_FORMS": 0}


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def manager(admin):
    """The administrator, with Django's own rights as well."""
    admin.user.is_staff = admin.user.is_superuser = True
    admin.user.save()
    return admin


@pytest.fixture
def kiosk(city):
    place = crs.point(**factories.inside())
    return save_kiosk(code="K-1", by=None, name_ar="كشك", geometry=place)[0]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_list_and_row_opens(manager, city, kiosk, model):
    factories.photo(report=factories.distortion("verified").reports.get())
    row = model.objects.first()

    pages = [manager.get(address(model, "changelist"), {"q": "a"})]
    if row:
        pages.append(manager.get(address(model, "change", row.pk)))

    assert {page.status_code for page in pages} == {200}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_longer_list_asks_no_more_of_the_database(
    manager, city, model, django_assert_max_num_queries
):
    factories.photo(report=factories.distortion("assigned").reports.get())
    manager.get(address(model, "changelist"))
    with django_assert_max_num_queries(20) as few:
        manager.get(address(model, "changelist"))
    for number in range(3):
        factories.photo(report=factories.distortion("assigned").reports.get())
        factories.district(f"TAIF-10{number}", column=5 + number)

    with django_assert_max_num_queries(len(few)):
        manager.get(address(model, "changelist"))


def test_what_was_counted_is_neither_written_nor_deleted_here(manager, city):
    found = factories.distortion()

    answers = [manager.post(address(type(found), page, found.pk)) for page in ("change", "delete")]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_a_private_address_is_not_shown(manager, city):
    report = factories.report()

    page = manager.get(address(type(report), "change", report.pk)).content.decode()

    assert report.track_token not in page


def test_a_kiosks_status_goes_through_the_register(manager, kiosk):
    form = {
        "name_ar": "كشك",
        "status": "approved",
        "location": kiosk.location.ewkt,
        "reason": "The rules were checked.",
    }

    manager.post(address(KioskSite, "change", kiosk.pk), form | EVENTS)

    assert KioskEvent.objects.get(kiosk=kiosk, to_status="approved").by == manager.user


def test_a_step_that_the_register_refuses_is_refused_here(manager, kiosk):
    form = {"name_ar": "كشك", "status": "operating", "location": kiosk.location.ewkt}

    answer = manager.post(address(KioskSite, "change", kiosk.pk), form | EVENTS)

    assert answer.status_code == 422
    kiosk.refresh_from_db()
    assert kiosk.status == "candidate"


def test_a_park_is_added_as_text(manager, city):
    form = {
        "code": "park-7",
        "name_ar": "حديقة",
        "kind": "park",
        "amenities": ["shade"],
        "boundary": factories.square().ewkt,
    }

    manager.post(address(Park, "add"), form)

    assert Park.objects.get(code="park-7").district == city.west


def test_no_map_of_somebody_elses_is_asked_for(manager, kiosk):
    page = manager.get(address(KioskSite, "change", kiosk.pk)).content.decode()

    assert "openlayers" not in page.lower()
    assert 'src="http' not in page


def test_an_element_needs_a_promise(manager, db):
    names = dict.fromkeys(("name_ar", "name_en", "title_ar", "title_en"), "x")
    facts = {"code": "new", "position": 99, "geometries": "point", "unit": "count"}
    no_levels = {"service_levels-TOTAL_FORMS": 0, "service_levels-INITIAL_FORMS": 0}

    answer = manager.post(address(Element, "add"), names | facts | no_levels)

    assert answer.status_code == 200
    assert not Element.objects.filter(code="new").exists()


def test_whoever_may_not_enter_is_told_so(planner, client):
    assert planner.get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["track_token", "supporter", "contact__phone"])
def test_what_is_not_shown_cannot_be_guessed_by_its_letters(manager, city, name):
    model = type(factories.report())

    answer = manager.get(address(model, "changelist"), {f"{name}__startswith": "a"})

    assert answer.status_code == 400
