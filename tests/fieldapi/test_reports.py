"""Sending reports: once, whatever the network does."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from gis_app.accounts import tokens
from gis_app.distortions.models import Contact, Report
from tests import factories
from tests.fieldapi.asking import feature, get, post, problem, put, send


def bearer(owner, *scopes) -> dict[str, str]:
    key = tokens.issue(owner=owner, scopes=scopes, days=1)
    return {"authorization": f"Bearer {key}"}


def test_anybody_may_report_and_learns_where_to_follow_it(city, client):
    id = uuid4()

    answer = send(client, id=id, description="بجوار المدرسة", accuracy_m=8)

    told = answer.json()
    assert answer.status_code == 201
    assert answer["Content-Type"] == "application/geo+json"
    assert told["id"] == str(id)
    assert told["properties"]["district"] == "TAIF-001"
    assert told["properties"]["status"] == "reported"
    assert told["properties"]["number"].startswith("TF-")
    assert told["properties"]["track"].startswith("http://testserver/track/")
    assert Report.objects.get().text_cleared_at is None


def test_the_same_again_is_one_report(city, client, triage):
    id, body = uuid4(), feature(description="Twice", contact={"phone": "0512345678"})
    first = send(client, id=id, body=body)

    again = send(client, id=id, body=body)
    by_somebody_else = send(triage, id=id, body=body)

    assert (first.status_code, again.status_code, by_somebody_else.status_code) == (201, 200, 200)
    assert again.json() == first.json()
    assert Report.objects.count() == 1


def test_the_same_said_in_another_way_is_the_same(city, client):
    id, body = uuid4(), feature(quantity=3, description="A wall\r\n", contact={}, place_note=None)
    observed_at = datetime.fromisoformat(body["properties"]["observed_at"])
    other = body["properties"] | {
        "observed_at": observed_at.astimezone(timezone.get_default_timezone()).isoformat(),
        "quantity": 3.0,
        "description": "A wall",
    }

    send(client, id=id, body=body)
    again = send(client, id=str(id).upper(), body=body | {"properties": other})

    assert again.status_code == 200


def test_a_uuid_is_not_used_for_another_report(city, client):
    id = uuid4()
    send(client, id=id, description="One")

    answer = send(client, id=id, description="Another")

    assert answer.status_code == 409
    assert "identifier" in problem(answer)["detail"]


def test_without_a_uuid_the_server_makes_one(city, client):
    first, second = post(client, "reports", feature()), post(client, "reports", feature())

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


def test_a_report_joins_the_distortion_that_it_names(city, client):
    found = factories.distortion("accepted")

    answer = send(client, same_as=found.number)

    assert answer.json()["properties"]["distortion"] == found.number
    assert get(client, f"distortions/{found.number}").json()["properties"]["reports"] == 2


def test_contacts_are_kept_and_told_to_nobody_here(city, client, triage):
    reach = {"name": "أم خالد", "phone": "٠٥١٢٣٤٥٦٧٨", "email": "um.khalid@example.org"}

    answer = send(client, contact=reach)

    assert Contact.objects.get().phone == "+966512345678"
    read = get(triage, f"reports/{answer.json()['id']}")
    assert "966512345678" not in answer.content.decode() + read.content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"element": "dragon"}, "element"),
        ({"element": ""}, "element"),
        ({"element": 7}, "element"),
        ({"observed_at": "2026-11-20T09:12:00"}, "observed_at"),
        ({"observed_at": "yesterday"}, "observed_at"),
        ({"observed_at": "0001-01-01T00:00:00+14:00"}, "observed_at"),
        ({"observed_at": 1732000000}, "observed_at"),
        ({"description": "x" * 2001}, "description"),
        ({"description": "a\x07bell"}, "description"),
        ({"description": "a\x00zero"}, "description"),
        ({"description": ["a", "list"]}, "description"),
        ({"accuracy_m": -1}, "accuracy_m"),
        ({"accuracy_m": "8"}, "accuracy_m"),
        ({"quantity": True}, "quantity"),
        ({"quantity": 1e300}, "quantity"),
        ({"place_note": "x" * 301}, "place_note"),
        ({"contact": "0512345678"}, "contact"),
        ({"contact": {"phone": "12"}}, "contact.phone"),
        ({"contact": {"email": "nobody"}}, "contact.email"),
        ({"contact": {"fax": "1"}}, "contact.fax"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(city, client, wrong, field):
    answer = send(client, **wrong)

    assert answer.status_code == 422
    assert list(problem(answer)["errors"]) == [field]
    assert Report.objects.count() == 0


def test_a_report_more_than_five_years_old_is_refused(city, client):
    answer = send(client, observed_at=(timezone.now() - timedelta(days=5 * 366)).isoformat())

    assert answer.status_code == 422


def test_a_clock_ahead_counts_as_now_and_is_noted(city, client):
    ahead = timezone.now() + timedelta(days=2)

    answer = send(client, observed_at=ahead.isoformat())

    report = Report.objects.get()
    assert answer.status_code == 201
    assert report.observed_at == report.received_at
    assert report.device_observed_at == ahead


def test_a_place_outside_the_city_is_refused_with_the_reason(city, client):
    answer = send(client, body=feature({"type": "Point", "coordinates": [0, 0]}))

    assert answer.status_code == 422
    assert "outside the city" in problem(answer)["detail"]


def test_only_staff_say_where_else_a_report_came_from(city, client, resident, inspector):
    told = {"source": "940", "external_number": "940-77"}

    assert send(client, **told).status_code == 403
    assert send(resident, **told).status_code == 403
    assert send(inspector, **told).json()["properties"]["source"] == "940"
    assert send(inspector, **told).status_code == 409


def test_the_sender_and_the_desk_read_a_report_and_nobody_else(
    city, client, resident, triage, crew
):
    sent = send(resident).json()
    address = f"reports/{sent['id']}"
    track = sent["properties"]["track"].rstrip("/").rsplit("/", 1)[-1]

    assert get(resident, address).json()["properties"]["track"] == sent["properties"]["track"]
    assert get(triage, address).json()["properties"]["track"] is None
    assert get(client, f"{address}?track={track}").status_code == 200
    assert get(client, f"{address}?track=guess").status_code == 404
    assert get(client, f"{address}?track=%00").status_code == 400
    assert get(client, address).status_code == 404
    assert get(crew, address).status_code == 404
    assert get(client, f"reports/{uuid4()}").status_code == 404


def test_a_program_reports_with_a_token_of_that_scope_only(city, client):
    owner = factories.user("inspector")

    def send_with(*scopes):
        return put(client, f"reports/{uuid4()}", feature(), **bearer(owner, *scopes))

    assert send_with("report").status_code == 201
    assert Report.objects.get().by == owner
    assert send_with("read", "move").status_code == 403
    assert Report.objects.count() == 1


def test_a_client_that_sends_too_many_waits_and_a_resend_costs_nothing(city, client, settings):
    settings.RASD_REPORTS_PER_HOUR = 2
    id, body = uuid4(), feature()

    for _ in range(5):
        assert send(client, id=id, body=body).status_code in (200, 201)
    assert send(client, colour="red").status_code == 422
    assert send(client).status_code == 201
    answer = send(client)

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == problem(answer)["retry_after"]
    assert send(client, id=id, body=body).status_code == 200


@pytest.mark.parametrize("offset", ["-23:59", "+23:59:59.999999", "+03:00:00.5"])
def test_any_offset_that_can_be_read_can_be_stored(city, client, offset):
    moment = timezone.now().replace(microsecond=0, tzinfo=None) - timedelta(days=2)

    answer = send(client, observed_at=f"{moment.isoformat()}{offset}")

    assert answer.status_code == 201


def test_the_sender_is_written_to_in_the_language_that_was_asked_for(city, client):
    send(client, contact={"email": "reader@example.com"})

    assert Report.objects.get().language == "en"
