"""One question, one answer: what is published, to whom, in which order."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser

from gis_app.distortions.status import PUBLIC, Status
from gis_app.errors import Unreadable
from gis_app.layers import LAYERS
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()
distortions = LAYERS["distortions"]


def numbers(user, **params):
    return [row.number for row in distortions.rows(user, params)]


def test_the_public_sees_only_what_is_public_and_staff_sees_all(city):
    by_status = {status: factories.distortion(status) for status in Status.values}

    seen = set(numbers(ANYBODY))

    assert {by_status[status].number for status in PUBLIC} <= seen
    assert not {by_status[status].number for status in set(Status.values) - set(PUBLIC)} & seen
    assert {row.number for row in by_status.values()} <= set(numbers(factories.staff("triage")))


def test_a_crew_sees_its_own_team_s_cases_and_what_the_public_sees(city):
    referred = factories.distortion("referred")
    assigned = factories.distortion("assigned")

    seen = numbers(factories.user("crew"))

    assert assigned.number in seen
    assert referred.number not in seen


def test_a_private_place_is_coarse_in_every_answer_of_the_public(city):
    factories.element("street_vendor", is_private=True)
    found = factories.distortion("accepted", code="street_vendor")
    exact, lon = found.geometry.coords, found.geometry.x

    feed = json.loads(distortions.collection(distortions.rows(ANYBODY, {})))
    frame = distortions.frame(ANYBODY, {})

    assert tuple(feed["features"][0]["geometry"]["coordinates"]) != exact
    assert frame.geometry[0].coords[0] != exact
    around = f"{lon - 1e-4},{exact[1] - 1e-4},{lon + 1e-4},{exact[1] + 1e-4}"
    assert numbers(ANYBODY, bbox=around) == []
    assert numbers(factories.staff("triage"), bbox=around) == [found.number]


def test_pages_by_cursor_hold_every_row_once_in_order(city):
    for _ in range(7):
        factories.distortion()
    rows = distortions.rows(ANYBODY, {})

    walked, cursor = [], ""
    while cursor is not None:
        page = distortions.page(distortions.after(rows, cursor), limit=3)
        walked += [feature["id"] for feature in json.loads(b"[%b]" % page.features)]
        cursor = page.last and distortions.cursor(page.last)

    assert walked == [row.number for row in rows]


@pytest.mark.parametrize("cursor", ["x", "e30=", "W10=", "WyJhIiwiYiJd", "bnVsbA==", "é"])
def test_a_made_up_cursor_is_refused(city, cursor):
    with pytest.raises(Unreadable):
        distortions.after(distortions.rows(ANYBODY, {}), cursor)


@pytest.mark.parametrize(
    "params",
    [
        {"unknown": "1"},
        {"bbox": "1,2,3"},
        {"bbox": "nan,0,1,1"},
        {"bbox": "41,21,40,22"},
        {"status": "lost"},
        {"element": "pothole,lost"},
        {"observed": "yesterday"},
        {"observed": "2026-02-01/2026-01-01"},
        {"late": "perhaps"},
        {"q": "x" * 81},
        {"q": "a\x00b"},
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_not_ignored(city, params):
    with pytest.raises(Unreadable) as refusal:
        distortions.rows(ANYBODY, params)

    assert list(refusal.value.fields) == list(params)


def test_filters_choose_by_element_status_district_and_box(city):
    here = factories.distortion("accepted")
    there = factories.distortion("reported", code="pothole", **inside(1))

    assert numbers(ANYBODY, element="pothole") == [there.number]
    assert numbers(ANYBODY, status="accepted,treated") == [here.number]
    assert numbers(ANYBODY, district=city.middle.code) == [there.number]
    assert numbers(ANYBODY, bbox="40.40,21.26,40.41,21.27") == [here.number]
    assert numbers(ANYBODY, observed="../2020-01-01") == []


def test_search_folds_arabic_and_finds_texts_for_staff_only(city):
    city.west.name_ar = "حيّ الأُنس"
    city.west.save()
    found = factories.distortion("accepted", description="كتابةٌ على جدار المدرسة")

    assert numbers(ANYBODY, q="الانس") == [found.number]
    assert numbers(ANYBODY, q=found.number.rsplit("-", 1)[1]) == [found.number]
    assert numbers(ANYBODY, q="كتابه علي جدار") == []
    assert numbers(factories.staff("triage"), q="كتابه علي جدار") == [found.number]


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_is_one_query_as_a_feed(city, name, django_assert_num_queries):
    layer = LAYERS[name]

    with django_assert_num_queries(1):
        feed = json.loads(layer.collection(layer.rows(ANYBODY, {})))

    assert feed["numberReturned"] == len(feed["features"])


def test_text_is_encoded_so_that_json_stays_json(city):
    city.west.name_ar = 'أ"\\ </script> \u2028'
    city.west.save()

    feed = json.loads(LAYERS["districts"].collection(LAYERS["districts"].rows(ANYBODY, {})))

    assert feed["features"][0]["properties"]["name_ar"] == city.west.name_ar
