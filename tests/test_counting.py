"""Several counts in one query, none for longer than is worth it."""

import pytest

from gis_app.counting import by_kind, counted
from gis_app.distortions.models import Distortion
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(city):
    for status in ("reported", "reported", "accepted", "assigned"):
        factories.distortion(status)
    return Distortion.objects.all()


def test_several_are_counted_at_once(rows, city, django_assert_num_queries):
    asked = {"new": rows.filter(status="reported"), "none": rows.filter(pk__in=[])}

    with django_assert_num_queries(1):
        counts, by_key = counted(asked, grouped={"teams": (rows.filter(team__gt=0), "team")})

    assert counts == {"new": 2, "none": 0}
    assert by_key == {"teams": {city.team.pk: 1}}


def test_beyond_the_most_it_only_says_that_there_are_more(rows):
    assert counted({"all": rows}, most=3) == ({"all": 4}, {})
    assert counted({"all": rows}, most=2) == ({"all": 3}, {})


def test_kinds_are_counted_unless_there_are_too_many(rows):
    assert by_kind(rows, "status", most=4) == {
        ("reported",): 2,
        ("accepted",): 1,
        ("assigned",): 1,
    }
    assert by_kind(rows, "status", most=3) is None
