"""Two requests in the same moment: one wins, the other learns of it, nothing is done twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from gis_app.distortions.models import Distortion, Photo, Report, Step
from tests import factories
from tests.fieldapi.asking import feature, move, put, send_photo

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*requests) -> list[int]:
    """Send all in the same moment, each on a connection of its own; return their statuses."""
    ready = Barrier(len(requests))

    def sent(request):
        ready.wait()
        try:
            return request().status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(requests)) as pool:
        return sorted(pool.map(sent, requests))


def signed_in(role: str) -> Client:
    browser = Client()
    browser.force_login(factories.staff(role))
    return browser


def test_the_same_report_at_once_is_one_report(city):
    id, body = uuid4(), feature()

    statuses = at_once(*[lambda: put(Client(), f"reports/{id}", body)] * 4)

    assert statuses == [200, 200, 200, 201]
    assert Report.objects.count() == Distortion.objects.count() == 1


def test_one_identifier_for_two_reports_at_once_is_one_report(city):
    id = uuid4()

    statuses = at_once(
        lambda: put(Client(), f"reports/{id}", feature(description="One")),
        lambda: put(Client(), f"reports/{id}", feature(description="Another")),
    )

    assert statuses == [201, 409]
    assert Report.objects.count() == 1


def test_another_systems_number_twice_at_once_is_one_report(city):
    triage = signed_in("triage")
    body = feature(source="940", external_number="77")

    statuses = at_once(*[lambda: put(triage, f"reports/{uuid4()}", body)] * 2)

    assert statuses == [201, 409]


def test_of_two_moves_at_once_one_learns_that_it_came_late(city):
    number = factories.distortion().number
    triage = signed_in("triage")

    statuses = at_once(
        lambda: move(triage, number, "accept"), lambda: move(triage, number, "reject", reason="No")
    )

    assert statuses == [201, 409]
    assert Step.objects.filter(distortion__number=number).count() == 2


def test_the_same_move_at_once_is_one_step(city):
    number, id = factories.distortion().number, uuid4()
    triage = signed_in("triage")

    statuses = at_once(*[lambda: move(triage, number, "accept", id=id)] * 3)

    assert statuses == [200, 200, 201]


def test_one_identifier_for_two_distortions_at_once_is_one_step(city):
    numbers, id = [factories.distortion().number for _ in range(2)], uuid4()
    triage = signed_in("triage")

    statuses = at_once(
        *[lambda number=number: move(triage, number, "accept", id=id) for number in numbers]
    )

    assert statuses == [201, 409]


def test_two_that_are_merged_into_each_other_at_once_end_as_one(city):
    one, other = (factories.distortion().number for _ in range(2))
    triage = signed_in("triage")

    statuses = at_once(
        lambda: move(triage, one, "merge", into=other),
        lambda: move(triage, other, "merge", into=one),
    )

    assert statuses in ([201, 409], [201, 422])
    assert Distortion.objects.filter(status="merged").count() == 1


def test_the_same_photo_at_once_is_one_photo(city):
    address = f"reports/{factories.report().pk}"

    statuses = at_once(*[lambda: send_photo(Client(), address)] * 3)

    assert statuses == [200, 200, 201]
    assert Photo.objects.count() == 1
