"""Districts side by side, and the page of each."""

import re

import pytest

from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db


def text(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_each_district_stands_in_the_table_with_what_waits_and_what_was_refused(city, client):
    for status in ("verified", "reported", "rejected", "referred"):
        factories.distortion(status, **inside(1))

    html = client.get("/districts/").content.decode()

    row = re.search(r'href="/districts/TAIF-002/".*?</tr>', html, re.DOTALL)[0]
    numbers = re.findall(r'<bdi dir="ltr">(\d+)</bdi>', row)
    assert numbers == ["1", "0", "0", "1", "1", "1"]


def test_a_rate_of_too_few_is_not_told(city, client, settings):
    factories.distortion("verified")

    assert "100%" not in text(client, "/districts/TAIF-001/")

    settings.RASD_FEW = 1
    assert "100%" in text(client, "/districts/TAIF-001/")


@pytest.mark.parametrize("order", ["verified", "treated", "open", "late", "reported", "name"])
def test_the_table_can_be_ordered(city, client, order):
    assert client.get(f"/districts/?order={order}").status_code == 200


def test_the_busiest_stands_first_when_asked_for(city, client):
    factories.distortion("accepted", **inside(2))

    html = client.get("/districts/?order=open").content.decode()

    assert re.findall(r"/districts/(TAIF-\d+)/", html)[0] == "TAIF-003"


@pytest.mark.parametrize("question", ["order=guess", "element=guess", "colour=red"])
def test_what_cannot_be_read_is_told(city, client, question):
    assert client.get(f"/districts/?{question}").status_code == 400


def test_the_numbers_of_a_district_open_their_rows(city, client):
    factories.distortion("treated")
    factories.distortion("reported")

    html = client.get("/districts/").content.decode()
    rows = re.search(r'href="(/list/\?[^"]*district=TAIF-001[^"]*)"', html)[1]

    listed = client.get(rows.replace("&amp;", "&")).content.decode()
    assert listed.count('<article class="case">') == 1


def test_an_unknown_district_is_not_found(city, client):
    assert client.get("/districts/TAIF-999/").status_code == 404


def test_an_empty_district_has_a_page_too(city, client):
    assert "لم يُقبل" in text(client, "/districts/TAIF-003/")


@pytest.mark.parametrize("path", ["/districts/", "/districts/TAIF-001/"])
def test_their_queries_do_not_grow_with_their_rows(city, queries_of, path):
    factories.distortion("accepted")
    few = queries_of(path)

    for status in ("accepted", "treated", "verified", "reported"):
        for code in ("pothole", "graffiti"):
            factories.distortion(status, code=code)

    assert queries_of(path) == few
