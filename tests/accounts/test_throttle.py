from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from gis_app.accounts.client import client_of
from gis_app.accounts.models import Allowance
from gis_app.accounts.throttle import spend
from gis_app.errors import TooMany


def report(client="a phone", limit=3):
    spend("report", client=client, limit=limit, seconds=3600)


def spends(**facts) -> bool:
    try:
        report(**facts)
    except TooMany:
        return False
    finally:
        connection.close()
    return True


@pytest.mark.django_db
def test_each_client_has_an_allowance_of_its_own():
    for _ in range(3):
        report()
    report("another phone")

    with pytest.raises(TooMany) as refusal:
        report()

    assert 0 < refusal.value.extra["retry_after"] <= 3600


@pytest.mark.django_db
def test_old_allowances_are_swept():
    long_ago = timezone.now() - timedelta(days=2)
    Allowance.objects.create(client="a phone", deed="report", starts_at=long_ago, used=3)

    report()

    assert Allowance.objects.get().used == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_cannot_both_take_the_last_one():
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: spends(limit=5), range(12)))

    assert sum(taken) == 5


def asking(address="10.0.0.1", forwarded=None):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return client_of(RequestFactory().get("/", REMOTE_ADDR=address, headers=headers))


def test_a_client_is_known_by_a_hash_and_not_by_its_address():
    assert "10.0.0.1" not in asking("10.0.0.1")
    assert asking("10.0.0.1") == asking("10.0.0.1") != asking("10.0.0.2")


def test_without_a_proxy_what_the_client_says_of_itself_does_not_count(settings):
    settings.RASD_PROXIES = 0

    assert asking(forwarded="1.1.1.1") == asking(forwarded="2.2.2.2") == asking()


def test_behind_proxies_the_address_that_the_outermost_saw_counts(settings):
    settings.RASD_PROXIES = 2

    real = asking(forwarded="made up, 1.1.1.1, 10.9.9.9")

    assert real == asking(forwarded="something else, 1.1.1.1, 10.8.8.8") == asking("1.1.1.1")
    assert asking(forwarded="1.1.1.1") == asking()  # the chain is shorter than it must be


def test_a_subscriber_has_one_allowance_for_all_her_ipv6_addresses():
    assert asking("2001:db8:1:2::1") == asking("2001:db8:1:2:ffff::9") != asking("2001:db8:1:3::1")


def test_ipv4_on_a_socket_for_both_kinds_is_still_a_client_each():
    assert asking("::ffff:1.1.1.1") == asking("1.1.1.1") != asking("::ffff:2.2.2.2")
