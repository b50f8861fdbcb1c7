"""What happened, for those who read: the rows behind a number of a period."""

import re

import pytest

from tests import factories

pytestmark = pytest.mark.django_db
ROW = r'<h3><a href="/d/([^/]+)/"'


def numbers(browser, question: str = "") -> list[str]:
    answer = browser.get(f"/list/events/{question}")
    assert answer.status_code == 200
    return re.findall(ROW, answer.content.decode())


def test_it_shows_what_the_feed_tells(city, client, triage):
    for status in ("treated", "verified", "rejected"):
        factories.distortion(status)

    for browser in (client, triage):
        told = browser.get("/api/v1/steps?limit=1000").json()["features"]
        assert numbers(browser) == [row["properties"]["number"] for row in told]


def test_the_public_is_offered_no_events_that_it_is_not_told(city, client, triage):
    assert 'value="reject"' not in client.get("/list/events/").content.decode()
    assert 'value="reject"' in triage.get("/list/events/").content.decode()


def test_the_form_sends_days_apart_and_numbers_send_an_interval(city, client, clock):
    clock.at(2)
    found = factories.distortion("treated")
    clock.at(5)

    for question in ("?from=2026-03-01&to=2026-03-02", "?day=2026-03-02", "?from=&to=2026-03-04"):
        assert numbers(client, f"{question}&event=treat") == [found.number]
    html = client.get("/list/events/?day=2026-03-02/..").content.decode()
    assert 'name="from" type="date" max="2026-03-05" value="2026-03-02"' in html
    assert 'name="to" type="date" max="2026-03-05" value=""' in html
    assert client.get("/list/events/?from=nonsense").status_code == 400
    assert client.get("/list/events/?event=vanish&day=2026-03-02").status_code == 400


def test_its_pages_follow_each_other_without_gaps(city, client, monkeypatch):
    monkeypatch.setattr("maps.listing.PAGE", 2)
    for status in ("treated", "verified"):
        factories.distortion(status)
    seen, question = [], "?event=report,treat,verify"

    while question:
        html = client.get(f"/list/events/{question}").content.decode()
        seen += re.findall(ROW, html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        question = following[1].replace("&amp;", "&") if following else ""

    assert len(seen) == 5


def test_its_queries_do_not_grow_with_its_rows(city, queries_of):
    factories.distortion("verified")
    few = queries_of("/list/events/?event=treat&district=TAIF-001")

    for _ in range(4):
        factories.distortion("verified")

    assert queries_of("/list/events/?event=treat&district=TAIF-001") == few <= 10
