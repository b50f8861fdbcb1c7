"""Lists: pages without gaps, filters that mean what they say, the same few queries for any length."""

import json
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gis_app.distortions.status import Status
from tests import factories
from tests.fieldapi.asking import get


def numbers(answer) -> list[str]:
    return [found["id"] for found in answer.json()["features"]]


def address_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}".removeprefix("/api/v1/")


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert get(client, address).status_code == 200
    return len(asked)


def test_an_empty_city_has_an_empty_list(db, client):
    answer = get(client, "distortions")

    assert answer["Content-Type"] == "application/geo+json"
    assert answer.json() == {
        "type": "FeatureCollection",
        "links": [],
        "numberReturned": 0,
        "features": [],
    }


def test_following_next_meets_every_row_once_newest_first(city, client):
    sent = [
        factories.distortion("accepted", **factories.inside(east=0.1 * n)).number
        for n in range(1, 8)
    ]
    found, address = [], "distortions?status=accepted&limit=3"

    while address:
        answer = get(client, address)
        links = answer.json()["links"]
        found += numbers(answer)
        address = links and address_of(links[0]["href"])
        assert not links or f'<{links[0]["href"]}>; rel="next"' in answer["Link"]
        assert not links or "status=accepted&limit=3" in links[0]["href"]

    assert found == sorted(sent, reverse=True)
    assert "Link" not in answer


def test_a_full_last_page_promises_no_next_one(city, client):
    for _ in range(2):
        factories.distortion()

    assert get(client, "distortions?limit=2").json()["links"] == []


def test_all_are_counted_only_when_asked(city, client):
    for _ in range(3):
        factories.distortion()

    counted = get(client, "distortions?limit=2&count=true").json()

    assert (counted["numberReturned"], counted["numberMatched"]) == (2, 3)
    assert "numberMatched" not in get(client, "distortions?limit=2&count=false").json()


def test_filters_narrow_the_list(city, client):
    wall = factories.distortion("accepted").number
    hole = factories.distortion(code="pothole", **factories.inside(1)).number

    def found(question: str) -> list[str]:
        return numbers(get(client, f"distortions?{question}"))

    assert found("element=graffiti") == [wall]
    assert found("element=graffiti,pothole") == [hole, wall]
    assert found("district=TAIF-002") == [hole]
    assert found("status=accepted,treated") == [wall]
    assert found("bbox=40.40,21.26,40.41,21.27") == [wall]
    assert found("bbox=٤٠٫٤٠,21,41,22".replace("٫", ".")) == [hole, wall]
    assert found("observed=2020-01-01/..") == [hole, wall]
    assert found("observed=../2020-01-01") == []
    assert found("treated=../..") == [hole, wall]
    assert found(f"q={wall[-6:]}") == [wall]
    assert found("late=true") == []
    assert found("amana=taif&sub_municipality=taif-centre&source=resident") == [hole, wall]


def test_only_staff_search_what_was_written(city, client, triage):
    number = factories.distortion("accepted", description="قرب مدرسة الأندلس").number

    assert numbers(get(client, "distortions?q=مدرسه")) == []
    assert numbers(get(triage, "distortions?q=مدرسه")) == [number]


def test_one_distortion_takes_as_many_queries_with_a_long_life(city, client):
    short = factories.distortion("accepted").number
    long = factories.distortion("reopened").number

    assert queries_of(client, f"distortions/{long}") == queries_of(client, f"distortions/{short}")


def test_the_catalogue_is_in_the_readers_language(city, client):
    def names(language: str) -> list[str]:
        answer = client.get("/api/v1/elements", headers={"accept-language": language})
        return [found["properties"]["name"] for found in answer.json()["features"]]

    assert "Street potholes" in names("en")
    assert "حفر الشوارع" in names("ar")
    assert get(client, "elements").json()["features"][0]["geometry"] is None


def test_districts_lie_longitude_first_and_are_measured_on_the_spheroid(city, client):
    found = get(client, "districts").json()["features"][0]

    assert found["id"] == "TAIF-001"
    assert [40.40, 21.26] in found["geometry"]["coordinates"][0][0]
    assert found["properties"]["area_km2"] == pytest.approx(1.149, abs=0.001)


def test_progress_counts_what_the_list_shows(city, client, admin):
    for status in Status.values:
        factories.distortion(status)
    progress = get(client, "districts/progress").json()
    west = next(found for found in progress["features"] if found["id"] == "TAIF-001")["properties"]

    def listed(reader, question: str) -> int:
        return get(reader, f"distortions?district=TAIF-001&count=true&limit=1&{question}").json()[
            "numberMatched"
        ]

    for status in ("reported", "treated", "verified"):
        assert west[status] == listed(client, f"status={status}")
    for status in ("rejected", "referred", "merged"):
        assert west[status] == listed(admin, f"status={status}") == 1
        assert listed(client, f"status={status}") == 0
    assert west["open"] == listed(client, "status=accepted,assigned,in_progress,reopened") == 4
    behind = get(client, address_of(west["list"]) + "&count=true").json()
    assert west["total"] == behind["numberMatched"] == 6
    whole = {name: west[name] for name in ("total", "open", "reported", "merged")}
    assert whole.items() <= progress["totals"].items()
    assert set(progress["totals"]) == set(west)
    assert get(client, address_of(progress["totals"]["list"])).json()["numberReturned"] == 6


def test_progress_of_some_elements_leads_to_their_rows(city, client):
    factories.distortion("accepted")
    factories.distortion("accepted", code="pothole")

    told = get(client, "districts/progress?element=pothole&district=TAIF-001").json()

    assert [found["id"] for found in told["features"]] == ["TAIF-001"]
    behind = get(client, address_of(told["features"][0]["properties"]["list"])).json()
    assert [found["properties"]["element"] for found in behind["features"]] == ["pothole"]


def test_without_anything_to_treat_there_is_no_rate(city, client):
    totals = get(client, "districts/progress").json()["totals"]

    assert (totals["total"], totals["treatment_rate"], totals["verified_rate"]) == (0, None, None)
    assert json.dumps(totals["quantities"])
