"""What a phone asks before it sends: is it one of these?"""

import pytest

from gis_app.distortions.judging import clear_photo
from tests import factories
from tests.factories import inside
from tests.fieldapi.asking import get, problem
from tests.fieldapi.test_openapi import agrees

pytestmark = pytest.mark.django_db


def near(client, **question):
    asked = {"element": "graffiti", **inside()} | question
    return get(client, "distortions/near?" + "&".join(f"{k}={v}" for k, v in asked.items()))


def test_the_nearest_first_with_its_metres_and_what_the_list_says(city, client):
    far = factories.distortion(**inside(east=0.502))
    known = factories.distortion("accepted", same_as="", **inside(east=0.501))

    answer = near(client)

    agrees(answer, "/distortions/near")
    features = answer.json()["features"]
    assert [feature["id"] for feature in features] == [known.number, far.number]
    properties = features[0]["properties"]
    assert properties["distance_m"] == pytest.approx(1.0, abs=0.1)
    assert (properties["status"], properties["supporters"]) == ("accepted", 1)
    assert properties["photo"] is None


def test_a_published_photo_comes_along(city, client, triage):
    known = factories.distortion("accepted")
    photo = factories.photo(report=known.reports.get())
    clear_photo(token=photo.token, by=triage.user)

    (feature,) = near(client).json()["features"]

    assert feature["properties"]["photo"].endswith(f"/photos/{photo.token}/thumb.jpg")


def test_it_tells_at_most_ten(city, client):
    for _ in range(11):
        factories.distortion()

    assert len(near(client).json()["features"]) == 10


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"element": "ufo"}, "element"),
        ({"element": ""}, "element"),
        ({"lon": "x"}, "lon"),
        ({"lon": "nan"}, "lon"),
        ({"lat": "91"}, "lat"),
        ({"accuracy_m": "-1"}, "accuracy_m"),
        ({"radius": "10"}, "radius"),
    ],
)
def test_what_cannot_be_read_is_refused(city, client, question, field):
    answer = near(client, **question)

    agrees(answer, "/distortions/near")
    assert answer.status_code == 400
    assert field in problem(answer)["errors"]


def test_a_place_outside_the_city_has_nothing_near(city, client):
    factories.distortion()

    assert near(client, lon=0, lat=0).json()["features"] == []


def test_more_of_them_ask_no_more_of_the_database(city, client, django_assert_max_num_queries):
    factories.distortion()
    with django_assert_max_num_queries(4) as few:
        near(client)
    for _ in range(5):
        factories.distortion()

    with django_assert_max_num_queries(len(few)):
        near(client)
