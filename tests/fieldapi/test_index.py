"""The index through the API: figures with their formula, and the rows behind them."""

import pytest

from gis_app.catalogue.formula_actions import load_formulas
from gis_app.catalogue.models import IndexFormula
from tests.factories import inside
from tests.fieldapi.asking import get
from tests.progress.weighing import FORMULA, stand

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _formula(city):
    load_formulas([FORMULA])


def test_the_feed_tells_the_formula_with_the_figures(client):
    stand()

    body = get(client, "districts/index?weight.graffiti=4").json()

    found = body["features"][0]["properties"]
    assert (body["what_if"], body["formula"]["version"]) == (True, 1)
    assert body["formula"]["weights"]["graffiti"] == 4
    assert (found["index"], found["in_force"]) == (pytest.approx(40), pytest.approx(20))
    assert found["parts"] == {"graffiti": pytest.approx(40)}
    assert body["totals"]["index"] == pytest.approx(40)


def test_the_feeds_list_has_exactly_the_rows_behind_it(client):
    for status in ("reported", "accepted", "assigned", "treated"):
        stand(status)

    properties = get(client, "districts/index").json()["features"][0]["properties"]
    rows = client.get(properties["list"].partition("testserver")[2]).json()["features"]

    assert {row["properties"]["status"] for row in rows} == {"accepted", "assigned"}


def test_a_number_out_of_bounds_is_refused_in_words(client):
    answer = get(client, "districts/index?cap_days=0&severity.9=1")

    assert answer.status_code == 400
    assert answer.json()["errors"] == {
        "cap_days": ["Give a number from 1 to 3650."],
        "severity.9": ["This filter is not known."],
    }


def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries):
    for column in range(3):
        for status in ("reported", "accepted", "treated"):
            stand(status, **inside(column))

    with django_assert_max_num_queries(7):
        get(client, "districts/index")


def test_without_a_formula_it_says_so(client):
    IndexFormula.objects.all().delete()

    answer = get(client, "districts/index")

    assert answer.status_code == 422
    assert "load_index" in answer.json()["detail"]
