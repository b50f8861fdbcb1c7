"""Two cases side by side, in a browser: both on one map, merged by a press, undone by another."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.test_every_page import WAYS, owed
from tests.factories import inside

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair(city):
    return factories.distortion(), factories.distortion(**inside(east=0.51))


@pytest.mark.parametrize("way", WAYS)
def test_the_page_serves_everybody(pair, visit, triage, way):
    visitor = visit(**WAYS[way])
    visitor.sign_in(triage)

    assert owed(visitor, f"/desk/{pair[1].number}/compare/{pair[0].number}/") == []


def test_two_become_one_and_two_again(pair, visit, triage):
    older, newer = pair
    visitor = visit(language="en")
    visitor.sign_in(triage)
    page = visitor.open(f"/desk/{newer.number}/")
    page.locator(".likely a").click()

    expect(page.locator("#map .leaflet-marker-icon")).to_have_count(2)
    page.get_by_role("button", name="Merge them").click()
    newer.refresh_from_db()
    assert newer.merged_into == older

    page.get_by_role("link", name="Undo").click()
    page.locator("#undo textarea").fill("Two walls.")
    page.locator("#undo button").click()
    page.wait_for_url(lambda url: "compare" not in url)
    newer.refresh_from_db()
    assert newer.status == "reported"
