"""Registers are kept in memory, and never out of date."""

import pytest
from django.db import connection, transaction

from gis_app.catalogue.registers import elements_on
from gis_app.places.registers import districts_in_force, districts_of
from gis_app.registers.kept import one_edition
from gis_app.treatment.queries import teams_of
from tests import factories

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return [district.name for district in districts_in_force()]


def test_what_is_kept_is_not_asked_for_again(city, django_assert_num_queries):
    names()

    with django_assert_num_queries(1):  # whether it is still what it was
        names()
    with django_assert_num_queries(1), one_edition():
        names()
        names()


def test_a_change_is_seen_at_once_whoever_makes_it(city):
    names()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE places_district SET name_ar = 'حي الورد' WHERE code = 'TAIF-001'")

    assert "حي الورد" in names()


def test_a_change_that_was_undone_is_forgotten(city):
    before = names()

    with transaction.atomic():
        factories.District.objects.update(name_ar="حي الورد")
        assert set(names()) == {"حي الورد"}
        transaction.set_rollback(True)

    assert names() == before


def test_each_language_has_names_of_its_own(city, english):
    assert "District TAIF-001" in names()


def test_what_is_kept_is_narrowed_to_what_somebody_works_on(city):
    officer = factories.user("triage", sub_municipality=factories.sub_municipality())
    factories.district("TAIF-009", column=8, of=factories.sub_municipality("taif-north"))
    officer.elements.add(factories.element("pothole"))

    assert {row.code for row in districts_of(officer)} == {"TAIF-001", "TAIF-002", "TAIF-003"}
    today = factories.timezone.localdate()
    assert [row.code for row in elements_on(today, user=officer)] == ["pothole"]
    assert teams_of(officer) == [city.team]


def test_who_comes_back_is_read_with_her_scope(client, city, django_assert_num_queries):
    officer = factories.user("triage")
    officer.districts.add(city.west)
    client.force_login(officer)

    found = client.get("/about/").wsgi_request.user

    with django_assert_num_queries(0):
        assert found.district_keys == [city.west.pk]
        assert found.element_keys == []
