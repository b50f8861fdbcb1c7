"""A small city with demonstration accounts, as the embedded database has it."""

import pytest

from gis_app.demo.people import make_demo_users


@pytest.fixture
def demo(city, settings):
    settings.RASD_EMBEDDED = True
    make_demo_users(crew_of=city.team)
    return city
