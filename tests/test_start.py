"""With DEBUG off nothing is served that was set up for a demonstration."""

import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.db import OperationalError, connection

from gis_app.catalogue.models import Element
from tests import factories


def errors():
    found = checks.run_checks(include_deployment_checks=True, databases=["default"])
    # A browser test that ran before in this process has set Django's switch for its event loop.
    return {message.id for message in found if message.is_serious()} - {"async.E001"}


@pytest.fixture
def production(settings):
    settings.DEBUG = False
    settings.SECRET_KEY = "long enough, and only for this test " * 2
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    return settings


@pytest.mark.django_db
def test_a_sound_production_starts(production):
    assert errors() == set()


@pytest.mark.django_db
@pytest.mark.parametrize("secret", ["", "short"])
def test_a_missing_secret_is_an_error(production, secret):
    production.SECRET_KEY = secret

    assert errors() == {"rasd.E001"}


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"])
def test_a_cookie_without_tls_is_an_error(production, cookie):
    setattr(production, cookie, False)

    assert errors() == {"rasd.E002"}


@pytest.mark.django_db
def test_a_demonstration_account_is_an_error(production):
    factories.user("planner", is_demo=True)

    assert errors() == {"rasd.E003"}


def test_a_database_that_does_not_answer_is_an_error(production, monkeypatch):
    def no_answer():
        raise OperationalError("connection refused")

    monkeypatch.setattr("gis_app.checks._demo_users", no_answer)

    found = checks.run_checks(tags=["rasd"], include_deployment_checks=True, databases=["default"])

    assert [message.id for message in found] == ["rasd.E004"]


@pytest.mark.django_db
def test_the_server_itself_refuses_to_start_and_says_why():
    database = connection.settings_dict
    socket = quote(f"{database['HOST']}/{database['NAME']}", safe="")
    url = f"postgis://{database['USER']}@/{socket}"
    environment = os.environ | {"DEBUG": "0", "SECRET_KEY": "", "DATABASE_URL": url}

    started = subprocess.run(
        [sys.executable, "-c", "import gis_app.wsgi"],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert started.returncode == 1
    assert "Rasd does not start" in started.stderr
    assert "SECRET_KEY is missing" in started.stderr


def test_healthz_needs_no_database(client):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_readyz_says_ready_when_the_schema_is_the_code_s(client):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (200, b"ready")


@pytest.mark.django_db
def test_a_start_leaves_the_catalogue_as_the_amana_has_it(production):
    production.RASD_EMBEDDED = False
    call_command("prepare", verbosity=0)
    Element.objects.filter(code="pothole").update(same_metres=99)

    call_command("prepare", verbosity=0)

    assert Element.objects.get(code="pothole").same_metres == 99
