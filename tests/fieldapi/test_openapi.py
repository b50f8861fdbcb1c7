"""The OpenAPI description is valid, and every answer is as it says; asked at random too."""

import json
from functools import cache

import jsonschema
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from gis_app.accounts import tokens
from gis_app.accounts.models import Token
from gis_app.distortions.status import Status
from tests import factories
from tests.fieldapi.asking import V1, feature, get, move, put, send, send_photo


@cache
def described() -> dict:
    return json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))


def agrees(answer, path: str, method: str = "get") -> None:
    """Check that the description of *path* knows this answer, and its shape."""
    told = described()["paths"][f"/api/v1{path}"][method]["responses"][str(answer.status_code)]
    media = answer["Content-Type"].partition(";")[0]
    schema = {**told["content"][media]["schema"], "components": described()["components"]}
    jsonschema.Draft202012Validator(schema).validate(answer.json())


def test_the_description_is_valid_and_served(db, client):
    validate_schema(described())

    answer = get(client, "openapi.json")

    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
    assert set(answer.json()["paths"]) == set(described()["paths"])
    token = described()["components"]["securitySchemes"]["token"]
    assert (token["type"], token["scheme"]) == ("http", "bearer")


def test_the_page_shows_it_with_nothing_from_elsewhere(db, client):
    page = client.get(V1 + "docs/")
    script = client.get(V1 + "docs/?script=")

    assert page.status_code == script.status_code == 200
    assert "//" not in page.content.decode().replace("<!-- ", "")
    assert "/api/v1/openapi.json" in script.content.decode()
    assert "script-src" not in page["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in page["Content-Security-Policy"]
    assert "unsafe-inline" not in get(client, "elements")["Content-Security-Policy"]


@pytest.mark.parametrize("status", Status.values)
def test_a_distortion_of_each_status_is_as_described(city, admin, status):
    number = factories.distortion(status, description="A wall").number

    agrees(get(admin, f"distortions/{number}"), "/distortions/{number}")


def test_lists_are_as_described(city, client, planner):
    for status in ("reported", "accepted", "verified"):
        factories.distortion(status)
    point = feature()["geometry"]
    named = {"name_ar": "الورد", "status": "candidate"}
    put(planner, "kiosks/K-1", {"type": "Feature", "geometry": point, "properties": named})

    for path in ("/districts", "/districts/progress", "/elements", "/parks", "/kiosks"):
        agrees(get(client, path[1:]), path)
    agrees(get(client, "distortions?limit=2&count=true"), "/distortions")
    agrees(get(client, "distortions?limit=0"), "/distortions")
    agrees(get(client, "kiosks/K-1"), "/kiosks/{code}")


def test_the_index_and_coverage_are_as_described(city, client):
    call_command("load_index")
    factories.distortion("accepted")

    for path in ("/districts/index", "/districts/coverage"):
        agrees(get(client, path[1:]), path)
        agrees(get(client, f"{path[1:]}?as_of=tomorrow"), path)
        agrees(get(client, f"{path[1:]}?as_of=2026-01-01&district=TAIF-001"), path)


def test_writes_are_answered_as_described(city, client, triage):
    sent = send(client)
    number = sent.json()["properties"]["distortion"]
    photo = send_photo(client, f"reports/{sent.json()['id']}")
    path = "/distortions/{number}/moves/{id}"

    agrees(sent, "/reports/{id}", "put")
    agrees(send(client, colour="red"), "/reports/{id}", "put")
    agrees(photo, "/reports/{id}/photos/{sha256}", "put")
    agrees(move(client, number, "accept"), path, "put")
    agrees(move(triage, number, "accept"), path, "put")
    agrees(move(triage, number, "accept"), path, "put")
    agrees(move(triage, number, "assign"), path, "put")


WAYS = [
    (path, method.upper(), mode)
    for path, operations in described()["paths"].items()
    for method, operation in operations.items()
    for mode in GenerationMode
    # What is asked for nothing can only be asked rightly.
    if mode.is_positive or "parameters" in operation or "requestBody" in operation
]
EVERY_SCOPE = [scope.value for scope in Token.Scope]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
REAL_PLACES = st.fixed_dictionaries(
    {
        "type": st.just("Point"),
        "coordinates": st.tuples(st.floats(40.39, 40.44), st.floats(21.25, 21.28)).map(list),
    }
)


@pytest.fixture
def _one_connection():
    """Requests that come by WSGI share the test's connection and leave it open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize(("path", "method", "mode"), WAYS)
def test_whatever_is_asked_the_answer_is_one_of_those_described(city, path, method, mode):
    number = factories.distortion("assigned").number
    key = tokens.issue(owner=factories.staff("admin"), scopes=EVERY_SCOPE, days=1)
    asking = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
    operation = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())[path][method]

    @settings(
        max_examples=25,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), place=REAL_PLACES)
    def ask(case, place):
        if "number" in case.path_parameters:
            case.path_parameters["number"] = number
        if isinstance(case.body, dict) and "geometry" in case.body:
            case.body["geometry"] = place  # a random place on Earth is hardly ever in the city
        case.call_and_validate(headers=asking, checks=CHECKS)

    ask()
