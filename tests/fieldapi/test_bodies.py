"""Bodies that cannot be read, and geometries that cannot be: always a reason, never a crash."""

import json
from uuid import uuid4

import pytest

from gis_app.distortions.models import Report
from tests import factories
from tests.fieldapi.asking import feature, problem, put

HERE = [factories.inside()["lon"], factories.inside()["lat"]]
WIDE = 0.0002


def square(west=HERE[0], south=HERE[1], side=WIDE):
    return [
        [west, south],
        [west + side, south],
        [west + side, south + side],
        [west, south + side],
        [west, south],
    ]


def send_bytes(client, body: bytes, content_type="application/json"):
    return put(client, f"reports/{uuid4()}", body, content_type=content_type)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe{}",
        b'{"type": NaN}',
        b'{"type": -Infinity}',
        b'{"quantity": 1e999}',
        b'{"quantity": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b'{"description": "half \\ud83d"}',
        '{"type": "Feature"}'.encode("utf-16"),
    ],
)
def test_what_is_not_json_is_unreadable(city, client, body):
    answer = send_bytes(client, body)

    assert answer.status_code == 400
    assert "JSON" in problem(answer)["detail"]


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b'"text"', b"null", b"{}"])
def test_json_that_is_no_feature_is_refused(city, client, body):
    assert send_bytes(client, body).status_code == 422


def test_a_member_given_twice_counts_once(city, client):
    body = json.dumps(feature()).replace('"graffiti"', '"dragon", "element": "graffiti"')

    assert send_bytes(client, body.encode()).status_code == 201


def test_a_large_body_is_not_read(city, client):
    answer = send_bytes(client, b" " * (256 * 1024 + 1))

    assert answer.status_code == 413
    problem(answer)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "multipart/form-data; boundary=x", "nonsense", "", "image/jpeg"]
)
def test_another_media_type_is_not_taken(city, client, content_type):
    answer = send_bytes(client, json.dumps(feature()).encode(), content_type)

    assert answer.status_code == 415
    problem(answer)


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {},
        [],
        "POINT(40.4 21.2)",
        {"type": "Point"},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": HERE[:1]},
        {"type": "Point", "coordinates": [*HERE, 1700]},
        {"type": "Point", "coordinates": [str(HERE[0]), str(HERE[1])]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point", "coordinates": [HERE]},
        {"type": "Point", "coordinates": [181, 0]},
        {"type": "Point", "coordinates": [HERE[1], HERE[0]]},
        {"type": "Point", "coordinates": [1e300, 1e300]},
        {"type": "Point", "coordinates": HERE, "crs": {"type": "name"}},
        {"type": "MultiPoint", "coordinates": [HERE]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Circle", "coordinates": HERE},
        {"type": ["Point"], "coordinates": HERE},
        {"type": "LineString", "coordinates": [HERE]},
        {"type": "LineString", "coordinates": [HERE, HERE]},
        {"type": "Polygon", "coordinates": [square()]},  # no graffiti is drawn as one
    ],
)
def test_a_geometry_that_cannot_be_is_refused(city, client, geometry):
    answer = put(client, f"reports/{uuid4()}", feature() | {"geometry": geometry})

    assert answer.status_code == 422
    assert problem(answer)["errors"]
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    "rings",
    [
        [],
        [[]],
        [square()[:-1]],
        [square()[:2]],
        [[square()[0], square()[2], square()[1], square()[3], square()[0]]],  # crosses itself
        [square(side=0)],
        [square(side=0.05)],  # larger than a distortion can be
        [square(), square()[:2]],
        [[[HERE[0] + step * 1e-7, HERE[1]] for step in range(501)] + [HERE]],
    ],
)
def test_a_polygon_that_cannot_be_is_refused(city, client, rings):
    polygon = {"type": "Polygon", "coordinates": rings}

    answer = put(client, f"reports/{uuid4()}", feature(polygon, element="pothole"))

    assert answer.status_code == 422
    assert list(problem(answer)["errors"]) == ["geometry"]


def test_lines_and_polygons_are_taken_where_the_element_allows(city, client):
    line = {"type": "LineString", "coordinates": square()[:3]}
    polygon = {"type": "Polygon", "coordinates": [square()]}

    assert put(client, f"reports/{uuid4()}", feature(line)).status_code == 201
    hole = put(client, f"reports/{uuid4()}", feature(polygon, element="pothole"))
    assert hole.status_code == 201
    assert hole.json()["geometry"]["type"] == "Polygon"
