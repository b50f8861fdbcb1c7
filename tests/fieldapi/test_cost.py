"""What one report costs the database, and that places are found by their index."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gis_app.accounts import tokens
from gis_app.distortions.duplicates import likely
from gis_app.geo import crs
from tests import factories
from tests.fieldapi.asking import send

FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")  # of transactions: no questions


@pytest.fixture
def program(db):
    """A program that sends an inspector's reports."""
    key = tokens.issue(owner=factories.user("inspector"), scopes=["report"], days=1)
    return Client(headers={"Authorization": f"Bearer {key}"})


def questions(client, **properties) -> int:
    send(client, **properties)  # notes the token's use, once a minute
    with CaptureQueriesContext(connection) as asked:
        assert send(client, **properties).status_code == 201
    return sum(not (one["sql"] or "").startswith(FRAME) for one in asked.captured_queries)


def crowd(element, many: int = 3000) -> None:
    """Reported things of *element* all over the first square, as the database knows them."""
    first = factories.distortion(code=element.code)
    for number in range(many):
        place = crs.point(**factories.inside(east=number % 55 / 55, north=number // 55 / 55))
        first.pk, first.number = None, f"TF-20-{number:06d}"
        first.geometry = first.public_geometry = place
        first.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE distortions_distortion")


def test_a_report_asks_the_database_few_questions(city, client, program):
    assert questions(client) <= 10
    assert questions(program) <= 10
    assert questions(client, contact={"email": "somebody@example.sa"}) <= 16


def test_a_report_asks_as_much_where_much_was_reported_before(city, program):
    alone = questions(program)
    for _ in range(5):
        factories.distortion("accepted")
        factories.distortion("verified")

    assert questions(program) == alone


def test_what_may_be_the_same_is_found_by_kind_and_place_at_once(city):
    element, place = factories.element("graffiti"), crs.point(**factories.inside())
    crowd(element)

    plan = likely(element, place, by=AnonymousUser()).explain()

    assert "Index Scan using distortion_same" in plan
    assert "Index Cond: ((element_id = " in plan
