"""Storing districts: once, with dates, and nothing lost."""

from datetime import date, timedelta

import pytest
import shapely
from django.utils import timezone

from gis_app.errors import Forbidden, Refused
from gis_app.places.actions import import_districts, replace_streets, save_amana
from gis_app.places.models import District, SubMunicipality
from gis_app.places.reading import DistrictRow, StreetRow
from tests import factories
from tests.places.files import area

SPRING, AUTUMN = date(2026, 3, 1), date(2026, 9, 1)
CHANGED = shapely.affinity.scale(area(), xfact=0.5)


@pytest.fixture
def amana(db):
    factories.sub_municipality("north")
    factories.sub_municipality("south")
    return factories.amana()


def row(code="A", boundary=None, **told) -> DistrictRow:
    untold = dict.fromkeys(("name_en", "kind", "population", "sub_municipality"))
    return DistrictRow(
        **{
            "code": code,
            "name_ar": "الشهداء",
            "boundary": shapely.MultiPolygon([boundary or area()]),
            **untold,
            **told,
        }
    )


def store(amana, *rows, on=SPRING, by=None):
    return import_districts(rows=rows, amana=amana, valid_from=on, by=by)


def dates(code="A") -> list[tuple]:
    versions = District.objects.get(code=code).versions.order_by("valid_from")
    return list(versions.values_list("valid_from", "valid_to"))


def test_a_district_is_stored_with_area_label_and_outline(amana):
    imported = store(amana, row(name_en="Ash Shuhada", population=9_000, sub_municipality="north"))

    assert imported.created == ["A"]
    district = District.objects.described().get()
    assert (district.name_en, district.population) == ("Ash Shuhada", 9_000)
    assert district.sub_municipality_code == "north"
    assert district.area_km2 == pytest.approx(1.149, abs=0.001)
    assert district.boundary.contains(district.label_point)
    amana.refresh_from_db()
    assert amana.outline.area == pytest.approx(area().area, rel=1e-6)


def test_the_same_again_changes_nothing(amana):
    store(amana, row())

    imported = store(amana, row(), on=AUTUMN)

    assert imported.unchanged == ["A"]
    assert dates() == [(SPRING, None)]


def test_the_same_boundary_drawn_from_another_corner_is_the_same(amana):
    store(amana, row())
    corners = list(area().exterior.coords)
    turned = shapely.Polygon([*corners[2:], *corners[1:3]])

    assert store(amana, row(boundary=turned), on=AUTUMN).unchanged == ["A"]


def test_a_changed_boundary_becomes_a_new_version(amana):
    store(amana, row())

    imported = store(amana, row(boundary=CHANGED), on=AUTUMN)

    assert imported.redrawn == ["A"]
    assert dates() == [(SPRING, AUTUMN), (AUTUMN, None)]
    boundary = District.objects.described().get().boundary
    assert boundary.area == pytest.approx(CHANGED.area)


def test_a_boundary_of_the_same_day_is_replaced(amana):
    store(amana, row())

    store(amana, row(boundary=CHANGED))

    assert dates() == [(SPRING, None)]


def test_a_boundary_from_before_the_one_in_force_is_refused(amana):
    store(amana, row(), on=AUTUMN)

    with pytest.raises(Refused, match="later entry"):
        store(amana, row(boundary=CHANGED), on=SPRING)
    assert dates() == [(AUTUMN, None)]


def test_a_boundary_of_tomorrow_is_refused(amana):
    with pytest.raises(Refused):
        store(amana, row(), on=timezone.localdate() + timedelta(days=1))


def test_what_the_file_does_not_tell_stays_as_it_is(amana):
    store(amana, row(name_en="Ash Shuhada", population=9_000, kind="village"))

    imported = store(amana, row(population=9_500))

    assert imported.described == ["A"]
    district = District.objects.get()
    assert (district.name_en, district.population, district.kind) == (
        "Ash Shuhada",
        9_500,
        "village",
    )


def test_the_link_to_a_sub_municipality_has_dates(amana):
    store(amana, row(sub_municipality="north"))

    imported = store(amana, row(sub_municipality="south"), on=AUTUMN)

    assert imported.described == ["A"]
    links = District.objects.get().jurisdictions.order_by("valid_from")
    assert list(links.values_list("sub_municipality__code", "valid_from", "valid_to")) == [
        ("north", SPRING, AUTUMN),
        ("south", AUTUMN, None),
    ]


def test_a_district_that_the_file_lacks_is_listed_and_kept(amana):
    store(amana, row("A"), row("B", area(1)))

    imported = store(amana, row("B", area(1)))

    assert imported.missing == ["A"]
    assert District.objects.in_force().count() == 2


def test_a_code_of_another_amana_is_refused(amana):
    store(amana, row())
    other = factories.amana("jeddah", prefix="JD")

    with pytest.raises(Refused, match="another amana"):
        store(other, row())


def test_only_planners_and_administrators_store_districts(amana):
    with pytest.raises(Forbidden):
        store(amana, row(), by=factories.user("triage"))

    assert store(amana, row(), by=factories.user("planner")).created == ["A"]


def test_streets_take_the_place_of_those_before(amana):
    line = shapely.LineString([(40.40, 21.26), (40.41, 21.27)])
    ring = StreetRow("الطريق الدائري", "Ring Road", "ring", line)
    replace_streets(rows=[ring, ring], amana=amana, by=None)

    stored = replace_streets(rows=[ring], amana=amana, by=None)

    assert stored == 1
    assert amana.streets.get().name_en == "Ring Road"


def test_an_amana_is_saved_with_its_sub_municipalities(db):
    told = {"code": "north", "name_ar": "بلدية الشمال", "name_en": "North"}
    for _time in range(2):
        amana = save_amana(
            code="taif",
            prefix="TF",
            name_ar="أمانة",
            name_en="Amana",
            sub_municipalities=[told],
            by=None,
        )

    assert SubMunicipality.objects.get().amana == amana
