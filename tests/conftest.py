"""What every test stands on: the real database, a small city, a browser for each role."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone, translation

from gis_app.geo.filters import RIYADH
from tests import factories


@pytest.fixture(autouse=True)
def _as_in_tests(settings, tmp_path):
    """In Arabic. Photos go to a folder of the test's own; static files come from where they lie; no TLS."""
    translation.activate(settings.LANGUAGE_CODE)  # that of the last request would stay
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SECURE_SSL_REDIRECT = False
    settings.RASD_EMAIL = True  # Django's test mail stays in memory
    settings.SITE_URL = "https://rasd.test"
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    # Versions begin anew in each test: an answer of the last one would be taken for right.
    nowhere = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    settings.CACHES = settings.CACHES | {"answers": nowhere}
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


class Clock:
    """A clock that a test sets: the n-th of March 2026, at an hour in Riyadh."""

    def __init__(self):
        self.at(1)

    def at(self, day: int, hour: int = 10) -> None:
        self.now = datetime(2026, 3, day, hour, tzinfo=RIYADH)


@pytest.fixture
def clock(monkeypatch):
    found = Clock()
    monkeypatch.setattr(timezone, "now", lambda: found.now)
    return found


@pytest.fixture
def english():
    """Reasons in English, where no request asks for a language."""
    with translation.override("en"):
        yield


@pytest.fixture
def city(db):
    """Three square districts in a row, and the elements that the tests speak of."""
    west, middle, east = (
        factories.district(f"TAIF-00{column + 1}", column=column) for column in range(3)
    )
    for code in ("pothole", "damaged_sidewalk", "graffiti", "random_structure"):
        factories.element(code)
    return SimpleNamespace(
        amana=west.amana, west=west, middle=middle, east=east, team=factories.team()
    )


def _signed_in(role):
    @pytest.fixture(name=role)
    def client(db):
        browser = Client()
        browser.user = factories.staff(role)
        browser.force_login(browser.user)
        return browser

    client.__doc__ = f"A browser in which the {role} has signed in; `.user` is the account."
    return client


resident, inspector, crew, triage, verifier, planner, admin = map(
    _signed_in, ("resident", "inspector", "crew", "triage", "verifier", "planner", "admin")
)
