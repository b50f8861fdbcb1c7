"""A distortion's whole life through the API, from a phone to a district's progress."""

from tests import factories
from tests.fieldapi.asking import get, move, send, send_photo


def figures_of(client, code: str) -> dict:
    features = get(client, "districts/progress").json()["features"]
    return next(found["properties"] for found in features if found["id"] == code)


def test_from_a_report_on_a_phone_to_a_districts_progress(city, client, triage, crew, verifier):
    sent = send(client, description="On the school's wall", quantity=3.0)
    assert sent.status_code == 201
    number = sent.json()["properties"]["distortion"]
    assert sent.json()["properties"]["district"] == "TAIF-001"
    assert send_photo(client, f"reports/{sent.json()['id']}").status_code == 201
    assert figures_of(client, "TAIF-001") | {"reported": 1, "total": 0} == figures_of(
        client, "TAIF-001"
    )

    assert move(triage, number, "accept").status_code == 201
    assert move(triage, number, "assign", team="treatment-1").status_code == 201
    assert figures_of(client, "TAIF-001")["open"] == 1
    assert figures_of(client, "TAIF-001")["quantities"]["m2"]["open"] == 3.0

    assert move(crew, number, "start").status_code == 201
    after = factories.picture("#1e6a50")
    assert send_photo(crew, f"distortions/{number}", after).status_code == 201
    treated = move(crew, number, "treat", quantity=2.5, photos=[factories.sha256(after)])
    assert treated.status_code == 201
    assert figures_of(client, "TAIF-001")["treatment_rate"] == 1
    assert figures_of(client, "TAIF-001")["verified_rate"] == 0

    assert move(verifier, number, "verify").status_code == 201
    figures = figures_of(client, "TAIF-001")
    assert (figures["verified"], figures["verified_rate"], figures["open"]) == (1, 1, 0)
    assert figures["quantities"]["m2"] == {"open": 0, "treated": 0, "verified": 2.5}
    told = get(client, f"distortions/{number}").json()["properties"]
    assert [step["move"] for step in told["timeline"]] == [
        "report",
        "accept",
        "assign",
        "start",
        "treat",
        "verify",
    ]
    assert [photo["kind"] for photo in told["photos"]] == ["after"]
