"""The public map's page and what it asks for."""

import json
import re

import pytest

from gis_app import tiles
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_page_says_the_same_in_words_and_as_a_table(city, client, settings):
    settings.RASD_FEW = 1
    for status in ("verified", "treated", "accepted", "reported", "rejected"):
        factories.distortion(status)

    html = client.get("/").content.decode()

    assert '<html lang="ar" dir="rtl">' in html
    assert html.count("/districts/TAIF-00") >= 3
    assert '<bdi dir="ltr">33%</bdi>' in html
    assert '<bdi dir="ltr">67%</bdi>' in html


def test_too_few_for_a_rate_are_said_in_words(city, client):
    factories.distortion("verified")

    assert "عدد قليل" in client.get("/").content.decode()


def test_a_past_day_is_drawn_named_and_can_be_left(city, client, clock, settings):
    settings.RASD_FEW = 1
    client.cookies["django_language"] = "en"
    found = factories.distortion("treated")
    clock.at(2)
    factories.move("verify", found)

    now, then = client.get("/"), client.get("/?as_of=2026-03-01&element=graffiti")

    assert [answer.context["progress"].totals.verified for answer in (now, then)] == [1, 0]
    assert "As it was at the end of 1 March 2026" in text_of(then)
    assert (
        "As it was" not in text_of(now).replace("As it was at the end of Q", "").split("Filter")[0]
    )
    assert 'href="?element=graffiti" data-keeps-place>As it is now' in then.content.decode()
    assert "Verified last" in text_of(now)
    assert "Verified last" not in text_of(then)
    assert 'name="as_of" type="date" max="2026-03-02" value="2026-03-01"' in then.content.decode()


def test_the_late_ones_open_whatever_status_the_points_have(city, client, clock):
    late = factories.distortion("accepted")
    factories.distortion("verified")
    clock.at(30)

    html = client.get("/?view=points&status=verified").content.decode()
    opened = re.search(r'class="late-words" href="([^"]+)"', html)[1]

    assert late.number in client.get(opened.replace("&amp;", "&")).content.decode()


def test_all_figures_are_of_the_same_day_and_kind(city, client, clock):
    clock.at(2)

    html = client.get("/?view=points&as_of=2026-03-01&element=graffiti&late=true").content.decode()

    assert 'href="/districts/?element=graffiti&amp;as_of=2026-03-01"' in html
    assert 'href="/districts/"' in client.get("/").content.decode().split("<main", 1)[1]


def test_districts_with_too_few_for_a_rate_stand_last(city, client, settings):
    settings.RASD_FEW = 2
    factories.distortion("verified", **factories.inside(0))  # all of it, but too few
    for status in ("verified", "accepted"):
        factories.distortion(status, **factories.inside(1))

    ranked = [row.code for row in client.get("/").context["ranked"]]

    assert ranked[:2] == ["TAIF-002", "TAIF-001"]


def test_distortions_are_shown_as_they_were_too(city, client, clock):
    found = factories.distortion("treated")
    clock.at(2)
    factories.move("verify", found)

    def kinds(question):
        told = client.get(f"/map/clusters.json?bbox=40,21,41,22&zoom=12{question}").json()
        return [cluster["kinds"] for cluster in told["clusters"]]

    assert kinds("") == [{"verified": 1}]
    assert kinds("&as_of=2026-03-01") == [{"treated": 1}]
    assert client.get("/?view=points&as_of=2026-03-01").context["shown"].count == 1


def test_what_is_not_shown_is_said_to_whom_it_is_not_shown(city, client, planner, clock):
    factories.distortion("rejected")
    clock.at(2)
    for browser in (client, planner):
        browser.cookies["django_language"] = "en"

    past = {"view": "points", "as_of": "2026-03-01"}
    public, staff = client.get("/", past), planner.get("/", past)

    assert [answer.context["shown"].count for answer in (public, staff)] == [0, 1]
    assert "or was merged, then or since" in text_of(public)
    assert "Not shown" not in text_of(staff)
    assert "All public ones" not in text_of(staff)


def test_a_day_to_come_is_refused_in_words(city, client, clock):
    answer = client.get("/?as_of=2026-03-02")

    assert answer.status_code == 400
    assert "<bdi>في نهاية</bdi>" in answer.content.decode()


def test_an_empty_city_has_a_page_too(city, client):
    assert client.get("/").status_code == 200


def test_a_filter_that_cannot_be_read_is_told(city, client):
    answer = client.get("/?element=unknown")

    assert answer.status_code == 400
    assert "unknown" in answer.content.decode()


def test_filters_stay_in_the_address(city, client):
    html = client.get("/?view=points&element=graffiti").content.decode()

    assert "element=pothole" in html
    assert "view=points" in html


@pytest.mark.parametrize("layer", ["districts", "streets", "parks", "kiosks"])
def test_the_ground_is_geojson(city, client, layer):
    answer = client.get(f"/map/{layer}.json?lang=ar")

    assert answer.status_code == 200
    assert json.loads(answer.content)["type"] == "FeatureCollection"


def test_only_the_ground_is_a_layer_of_the_page(client):
    assert client.get("/map/distortions.json").status_code == 404


@pytest.mark.parametrize("debug", [True, False])
def test_a_mistyped_address_has_a_page_of_ours(city, client, settings, debug):
    settings.DEBUG = debug

    for address in ("/nowhere/", "/map/nowhere.json"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert 'href="/list/"' in answer.content.decode()
    assert client.get("/api/v1/nowhere")["Content-Type"] == "application/problem+json"


def test_english_is_chosen_by_the_reader_alone(city, client):
    assert b'lang="ar"' in client.get("/", headers={"accept-language": "en"}).content

    client.post("/i18n/setlang/", {"language": "en", "next": "/"})

    assert b'lang="en" dir="ltr"' in client.get("/").content


def test_nothing_of_other_hosts_and_nothing_inline(city, client):
    answer = client.get("/")

    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert b"style=" not in answer.content
    assert b"https://" not in answer.content


def test_the_map_says_how_many_it_shows_and_when_only_a_part(city, client, monkeypatch):
    for _ in range(3):
        factories.distortion("accepted")
    client.cookies["django_language"] = "en"

    assert "3 distortions on the map" in text_of(client.get("/?view=points"))
    assert "3 distortions on the map" in text_of(client.get("/?view=points&district=TAIF-001"))
    monkeypatch.setattr(tiles, "MOST_ROWS", 2)
    assert "More than 3 distortions" in text_of(client.get("/?view=points&district=TAIF-001"))


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", answer.content.decode()))
