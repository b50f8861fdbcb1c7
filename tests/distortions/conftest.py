"""A clock that tests set."""

from datetime import datetime

import pytest
from django.utils import timezone

from gis_app.geo.filters import RIYADH


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
