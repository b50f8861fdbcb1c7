"""A whole life through both doors: after every move the page and the API tell the same numbers."""

import json
import re

from tests import factories
from tests.fieldapi.asking import get, move, send, send_photo

TOLD = ("total", "open", "reported")


def on_the_page(client) -> dict[str, dict]:
    """What the public map draws on each district."""
    html = client.get("/").content.decode()
    return json.loads(re.search(r'<script id="drawn"[^>]*>(.*?)</script>', html)[1])


def in_the_api(client) -> dict[str, dict]:
    features = get(client, "districts/progress").json()["features"]
    return {found["id"]: found["properties"] for found in features}


def in_the_list(client, code: str, status: str) -> int:
    answer = get(client, f"distortions?district={code}&status={status}&count=true")
    return len(answer.json()["features"])


def check_that_both_doors_agree(client) -> dict:
    """Return the first district's figures, after comparing those of all."""
    page, api = on_the_page(client), in_the_api(client)
    assert set(page) == set(api)
    for code, figures in api.items():
        assert {name: page[code][name] for name in TOLD} == {name: figures[name] for name in TOLD}
        assert page[code]["verified"] == round(100 * (figures["verified_rate"] or 0))
        assert page[code]["treated"] == round(100 * (figures["treatment_rate"] or 0))
    return api["TAIF-001"]


def test_from_a_report_on_a_phone_to_the_district_s_progress(city, client, triage, crew, verifier):
    assert check_that_both_doors_agree(client)["total"] == 0

    sent = send(client, description="كتابة على سور المدرسة", quantity=3.0)
    assert sent.status_code == 201
    number = sent.json()["properties"]["distortion"]
    assert send_photo(client, f"reports/{sent.json()['id']}").status_code == 201
    assert check_that_both_doors_agree(client)["reported"] == 1

    assert move(triage, number, "accept").status_code == 201
    assert move(triage, number, "assign", team=city.team.code).status_code == 201
    figures = check_that_both_doors_agree(client)
    assert (figures["reported"], figures["open"]) == (0, 1)
    assert figures["quantities"]["m2"]["open"] == 3.0

    assert move(crew, number, "start").status_code == 201
    after = factories.picture("#1e6a50")
    assert send_photo(crew, f"distortions/{number}", after).status_code == 201
    treated = move(crew, number, "treat", quantity=2.5, photos=[factories.sha256(after)])
    assert treated.status_code == 201
    figures = check_that_both_doors_agree(client)
    assert (figures["treatment_rate"], figures["verified_rate"]) == (1, 0)

    assert move(crew, number, "verify").status_code == 403
    assert move(verifier, number, "verify").status_code == 201
    figures = check_that_both_doors_agree(client)
    assert (figures["verified"], figures["verified_rate"]) == (1, 1)
    assert figures["quantities"]["m2"] == {"open": 0, "treated": 0, "verified": 2.5}
    assert in_the_list(client, "TAIF-001", "verified") == 1
    assert number in client.get("/").content.decode()


def test_the_numbers_open_exactly_their_rows(city, client):
    for status in ("accepted", "treated", "verified", "reported", "rejected"):
        factories.distortion(status)

    figures = in_the_api(client)["TAIF-001"]

    rows = client.get(figures["list"], headers={"accept-language": "en"}).json()
    assert rows["numberReturned"] == figures["total"] == 3
