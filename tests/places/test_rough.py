"""Who has no coordinates names a district and what to look for there."""

import pytest

from gis_app.errors import Refused
from gis_app.places.models import District
from gis_app.places.rough import rough_place


def test_a_rough_place_lies_in_its_district_and_says_how_wrong_it_can_be(city):
    place, metres = rough_place(district="TAIF-002", note="Opposite the school")

    assert District.objects.containing(place) == city.middle
    assert 700 < metres < 800  # half the diagonal of a square of 1,038 m by 1,107 m


def test_without_a_note_nobody_could_find_it(city):
    with pytest.raises(Refused) as refused:
        rough_place(district="TAIF-002", note=" ")

    assert list(refused.value.fields) == ["place_note"]


def test_a_district_that_is_not_there_is_refused(city):
    with pytest.raises(Refused) as refused:
        rough_place(district="NOWHERE", note="Opposite the school")

    assert list(refused.value.fields) == ["district"]


def test_the_box_of_the_city_holds_its_districts(city):
    west, south, east, north = District.objects.box().extent

    assert (west, south, round(east, 7), round(north, 7)) == (40.40, 21.26, 40.43, 21.27)


def test_a_city_without_districts_has_an_empty_box(db):
    assert District.objects.box().area == 0
