"""Asking the API as a program does, in English."""

import json
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from tests import factories

V1 = "/api/v1/"
ENGLISH = {"accept-language": "en"}


def get(client, address: str, **headers):
    return client.get(V1 + address, headers=ENGLISH | headers)


def put(client, address: str, body, *, content_type="application/geo+json", **headers):
    """PUT *body* as JSON, or as it is when it is bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.put(V1 + address, data, content_type=content_type, headers=ENGLISH | headers)


def post(client, address: str, body, **headers):
    return client.post(
        V1 + address,
        json.dumps(body),
        content_type="application/json",
        headers=ENGLISH | headers,
    )


def feature(geometry=None, **properties) -> dict:
    """A report: graffiti in the middle of the first square, an hour ago."""
    place = factories.inside()
    geometry = geometry or {"type": "Point", "coordinates": [place["lon"], place["lat"]]}
    hour_ago = timezone.now() - timedelta(hours=1)
    properties = {"element": "graffiti", "observed_at": hour_ago.isoformat()} | properties
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def send(client, *, id=None, body=None, **properties):
    """Send a report."""
    return put(client, f"reports/{id or uuid4()}", body or feature(**properties))


def send_photo(client, address: str, data: bytes | None = None, *, sha256: str = "", **headers):
    """Send a picture to *address*, which its hash follows."""
    data = data or factories.picture()
    return put(
        client,
        f"{address}/photos/{sha256 or factories.sha256(data)}",
        data,
        content_type="image/jpeg",
        **headers,
    )


def move(client, number: str, name: str, *, id=None, headers=None, **body):
    """Ask for a move."""
    return put(
        client,
        f"distortions/{number}/moves/{id or uuid4()}",
        {"move": name, **body},
        content_type="application/json",
        **(headers or {}),
    )


def problem(answer) -> dict:
    """Return the problem of an answer, after checking that it is one."""
    body = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert body["status"] == answer.status_code
    assert body["detail"]
    return body
