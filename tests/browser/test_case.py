"""One distortion and one district in a real browser."""

import pytest
from playwright.sync_api import expect

from gis_app.distortions.judging import clear_photo
from tests import factories
from tests.factories import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def treated(city, triage):
    """One with a photo before and another after its treatment."""
    found = factories.distortion("accepted")
    before = factories.photo(report=found.reports.get(), data=picture("#445566", size=(800, 600)))
    clear_photo(token=before.token, by=triage.user)
    for name in ("assign", "treat"):
        found = factories.move(name, found)
    return found


@pytest.mark.parametrize(("language", "key"), [("ar", "ArrowLeft"), ("en", "ArrowRight")])
def test_arrow_keys_move_the_bar_between_before_and_after(visit, treated, language, key):
    page = visit(language=language).open(f"/d/{treated.number}/")
    bar = page.locator("#pair .bar")
    start = bar.bounding_box()["x"]

    page.locator("#pair input").focus()
    for _ in range(10):
        page.keyboard.press(key)

    moved = bar.bounding_box()["x"] - start
    assert moved < -20 if key == "ArrowLeft" else moved > 20


def test_without_scripts_both_photos_are_seen(visit, treated):
    page = visit(phone=True, scripts=False).open(f"/d/{treated.number}/")

    before, after = page.locator("#pair img").all()
    assert before.bounding_box()["y"] < after.bounding_box()["y"]
    expect(page.locator("#map")).to_be_hidden()


def test_its_place_is_drawn(visit, treated):
    page = visit().open(f"/d/{treated.number}/")

    expect(page.locator("#map .pin.s-treated")).to_be_visible()


def test_its_address_is_handed_on(visit, treated):
    page = visit(permissions=["clipboard-read", "clipboard-write"]).open(f"/d/{treated.number}/#x")

    page.locator("#share").click()

    said = page.locator("#share").get_attribute("data-copied")
    expect(page.locator("#share")).to_have_text(said)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"/d/{treated.number}/")


def test_a_district_shows_what_lies_in_it(visit, treated):
    page = visit(phone=True).open("/districts/TAIF-001/")

    expect(page.locator("#map .d.chosen")).to_have_count(1)
    page.locator("#map .pin.s-treated").click()

    page.wait_for_url(f"**/d/{treated.number}/")
