"""The city's own data: drawn by the script that stands beside it, whole and consistent."""

import json
from collections import Counter
from itertools import chain

import pytest
import shapely
from django.conf import settings
from shapely.geometry import shape

from gis_app.catalogue.models import Element
from gis_app.places.models import Street
from gis_app.sites.models import KioskSite, Park

FIXTURES = settings.BASE_DIR / "fixtures"


def text(name: str) -> str:
    return (FIXTURES / name).read_text(encoding="utf-8")


def features(name: str) -> list[dict]:
    return json.loads(text(f"{name}.geojson"))["features"]


def shapes(name: str) -> list:
    return [shape(feature["geometry"]) for feature in features(name)]


def column(name: str, key: str) -> list:
    return [feature["properties"][key] for feature in features(name)]


def test_the_districts_have_neither_gaps_nor_overlaps():
    districts = shapes("districts")
    city = shapely.union_all(districts)

    assert shapely.coverage_is_valid(districts)
    assert (city.geom_type, len(city.interiors)) == ("Polygon", 0)
    assert sum(district.area for district in districts) == pytest.approx(city.area, rel=1e-12)


@pytest.mark.parametrize("name", ["parks", "kiosks"])
def test_every_site_lies_in_one_district(name):
    districts = shapes("districts")

    for site in shapes(name):
        assert sum(district.contains(site) for district in districts) == 1


@pytest.mark.parametrize("name", ["districts", "parks", "kiosks"])
def test_codes_and_names_are_not_used_twice(name):
    for key in ("code", "name_ar", "name_en"):
        assert max(Counter(column(name, key)).values()) == 1


@pytest.mark.parametrize("name", ["districts", "parks", "kiosks", "streets"])
def test_the_files_say_that_they_are_approximate_and_are_no_finer_than_a_hand_draws(name):
    assert "Approximate" in json.loads(text(f"{name}.geojson"))["note"]
    for drawn in shapes(name):
        coordinates = shapely.get_coordinates(drawn)
        assert (coordinates == coordinates.round(6)).all()


def test_the_words_are_those_of_the_models():
    subs = {told["code"] for told in json.loads(text("amana.json"))["sub_municipalities"]}
    elements = json.loads(text("catalogue.json"))["elements"]

    assert set(column("districts", "sub_municipality")) == subs
    assert set(column("streets", "kind")) == set(Street.Kind)
    assert set(column("parks", "kind")) == set(Park.Kind)
    assert set(chain(*column("parks", "amenities"))) <= set(Park.Amenity)
    assert set(column("kiosks", "status")) == set(KioskSite.Status)
    assert {told["unit"] for told in elements} == set(Element.Unit)
    assert set(chain(*(told["geometry"] for told in elements))) == set(Element.Geometry)


def test_fifteen_elements_are_in_force_and_fourteen_are_not():
    elements = json.loads(text("catalogue.json"))["elements"]

    assert [told["order"] for told in elements] == list(range(1, 30))
    assert sum(told["valid_from"] is not None for told in elements) == 15


def test_the_files_are_what_the_script_draws(monkeypatch):
    monkeypatch.syspath_prepend(FIXTURES)
    import draw_city  # noqa: PLC0415 (it stands outside the packages, beside what it draws)

    drawn = {}
    monkeypatch.setattr(draw_city, "write", drawn.__setitem__)
    draw_city.draw()

    for name, drawn_features in drawn.items():
        assert json.loads(json.dumps(drawn_features)) == features(name)
