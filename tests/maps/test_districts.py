"""Districts side by side, and the page of each."""

import re

import pytest

from gis_app.distortions.judging import clear_photo
from tests import factories
from tests.factories import inside, picture

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
def test_the_table_is_ordered_by_a_link_in_its_head(city, client, order):
    factories.element("pothole")
    link = f'href="?element=pothole&amp;order={order}"'
    assert link in client.get("/districts/?element=pothole").content.decode()

    html = client.get(f"/districts/?element=pothole&order={order}").content.decode()

    head = re.search(r"<th [^>]*aria-sort[^>]*>(.*?)</th>", html)[1]
    assert link in head


def test_the_busiest_stands_first_when_asked_for(city, client):
    factories.distortion("accepted", **inside(2))

    html = client.get("/districts/?order=open").content.decode()

    assert re.findall(r"/districts/(TAIF-\d+)/", html)[0] == "TAIF-003"


def test_a_past_day_leads_to_the_page_of_a_district_on_that_day(city, client, clock):
    client.cookies["django_language"] = "en"
    found = factories.distortion("treated")
    clock.at(2)
    factories.move("verify", found)
    assert 'href="/districts/TAIF-001/?as_of=2026-03-01"' in (
        client.get("/districts/?as_of=2026-03-01").content.decode()
    )

    now, then = (client.get(f"/districts/TAIF-001/{day}") for day in ("", "?as_of=2026-03-01"))

    assert [page.context["figures"].verified for page in (now, then)] == [1, 0]
    assert "until 1 March 2026" in text(client, "/districts/TAIF-001/?as_of=2026-03-01")
    assert 'data-as-of="2026-03-01"' in then.content.decode()
    assert b"Reported last" in now.content
    assert b"Reported last" not in then.content
    assert client.get("/districts/TAIF-001/?as_of=2026-03-03").status_code == 400


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


def test_a_district_says_what_became_of_every_hundred(city, client, settings):
    settings.RASD_FEW = 1
    for status in ("verified", "verified", "treated", "accepted"):
        factories.distortion(status)

    said = text(client, "/districts/TAIF-001/")

    assert re.search(r"من كل 100 تشوه قبلناه 50[^\d]+25[^\d]+25", said)


def test_quantities_stand_by_their_unit(city, client):
    factories.distortion("verified", code="graffiti")

    html = client.get("/districts/TAIF-001/").content.decode()

    assert '<th scope="row">م²</th><td class="n-col"><bdi dir="ltr">2.5</bdi></td>' in html
    assert "م³</th>" not in html


def test_what_was_verified_is_shown_before_and_after_once_both_photos_are_cleared(
    city, client, triage
):
    report = factories.report()
    before = factories.photo(report=report, data=picture("#123456"))
    found = report.distortion
    for name in ("accept", "assign", "treat", "verify"):
        found = factories.move(name, found)
    after = found.photos.get(kind="after")
    clear_photo(token=after.token, by=triage.user)
    assert "paircard" not in client.get("/districts/TAIF-001/").content.decode()

    clear_photo(token=before.token, by=triage.user)

    card = client.get("/districts/TAIF-001/").content.decode().split("paircard", 1)[1]
    assert card.index(before.token) < card.index(after.token)


def test_an_unknown_district_is_not_found(city, client):
    assert client.get("/districts/TAIF-999/").status_code == 404


def test_an_empty_district_has_a_page_too(city, client):
    assert "لم يُقبل" in text(client, "/districts/TAIF-003/")
