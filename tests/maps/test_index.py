"""The index's page: for those who work for the city, useful without a map and without JavaScript."""

import pytest

from gis_app.catalogue.formula_actions import load_formulas
from tests.factories import inside
from tests.progress.weighing import FORMULA, stand

pytestmark = pytest.mark.django_db
PAGE = "/planner/index/"


@pytest.fixture(autouse=True)
def _formula(city):
    load_formulas([FORMULA])


@pytest.fixture
def english(planner):
    """The planner's pages in English."""
    planner.cookies["django_language"] = "en"
    return planner


def test_it_is_for_those_who_work_for_the_city(client, resident):
    assert client.get(PAGE).status_code == 302
    assert resident.get(PAGE).status_code == 403


def test_it_says_how_it_is_counted(english):
    page = english.get(PAGE).content.decode()

    assert "weight of its kind × factor of its severity × size × days standing" in page
    assert "A proposal" in page
    assert 'name="weight.graffiti" type="number" min="0" max="100" step="any" value="2"' in page


def test_the_highest_comes_first_and_what_is_little_known_last(english, settings):
    settings.RASD_COVERAGE_SHARE = 0.01
    stand(days=3)
    stand(days=9, **inside(1))

    page = english.get(PAGE).content.decode()
    body = page.partition("<tbody>")[2] and page[page.index("Index of each district") :]

    assert body.index("District TAIF-002") < body.index("District TAIF-001")
    assert body.index("District TAIF-001") < body.index("District TAIF-003")
    assert "not ranked" in body


def test_what_is_told_in_points_is_named_so(english):
    stand()

    page = english.get(PAGE).content.decode()

    assert "Points awaiting triage</th>" in page
    assert "Points claimed</th>" in page


def test_what_if_shows_what_is_in_force_beside_it(english):
    stand()

    usual = english.get(PAGE).content.decode()
    other = english.get(PAGE, {"weight.graffiti": "4", "element": "graffiti"}).content.decode()

    assert "By the formula in force" not in usual
    assert "By the formula in force" in other
    assert 'href="?element=graffiti"' in other


def test_a_number_out_of_bounds_is_refused(english):
    assert english.get(PAGE, {"cap_days": "0"}).status_code == 400


def test_the_number_of_queries_does_not_grow(english, django_assert_max_num_queries):
    for column in range(3):
        stand(**inside(column))

    with django_assert_max_num_queries(10):
        english.get(PAGE, {"element": "graffiti", "weight.graffiti": "3"})
