"""What stands between the server and the doors."""

import pytest

from tests import factories


@pytest.mark.parametrize(
    "address",
    [
        "/photos/any/large.jpg?track=%00",
        "/api/v1/reports/3f0d2d7e-6d3c-4f63-9a53-0c1f0c7f2a11?track=%00",
        "/list/?anything=%00",
    ],
)
def test_nul_in_an_address_is_400_at_every_door(city, client, address):
    answer = client.get(address)

    assert answer.status_code == 400


def test_nul_in_a_queues_address_is_400(city, triage):
    assert triage.get("/desk/?after=%00").status_code == 400


@pytest.mark.parametrize("address", ["/", "/api/v1/elements"])
def test_nul_in_a_cookie_is_400(city, client, address):
    answer = client.get(address, headers={"cookie": 'sessionid="\\000aaaaaaaaaaaaaaa"'})

    assert answer.status_code == 400


@pytest.mark.parametrize("mark", ["fbclid=IwAR0", "utm_source=x&utm_medium=y", "gclid"])
@pytest.mark.parametrize("path", ["/", "/list/", "/districts/", "/exports/distortions/"])
def test_what_other_sites_hang_on_a_link_is_no_filter(city, client, path, mark):
    answer = client.get(f"{path}?{mark}=1&element=graffiti")

    assert answer.status_code == 200
    assert mark.split("=")[0] not in answer.content.decode()
    assert client.get(f"/api/v1/distortions?{mark}=1").status_code == 400


def test_the_words_of_a_form_have_a_limit(city, client):
    answer = client.post("/report/", {"description": "x" * 2_000_000})

    assert answer.status_code in (400, 413)


def test_private_addresses_are_not_logged(city, client, caplog):
    report = factories.report()

    refused = client.post(f"/track/{report.track_token}/")
    client.put(f"/api/v1/reports/{report.pk}", b"{", content_type="application/json")

    assert refused.status_code == 422
    assert "track/<slug:token>/" in caplog.text
    assert report.track_token not in caplog.text
    assert str(report.pk) not in caplog.text
