"""The public map in a real browser: by finger, by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def treated(city):
    """Two that lie together, one that lies alone."""
    for status in ("verified", "accepted"):
        factories.distortion(status)
    return factories.distortion("treated", code="pothole", **inside(2))


def test_a_district_opens_from_the_map(visit, treated):
    page = visit().open("/")

    page.locator("#map .d").first.click()
    expect(page.locator("#map-card h2")).to_have_text(re.compile("حي TAIF-00"))
    page.locator("#map-card a").click()

    page.wait_for_url(re.compile("/districts/TAIF-00"))


def test_the_map_and_its_words_tell_the_same(visit, treated, settings):
    settings.RASD_FEW = 1

    page = visit().open("/")

    labels = page.locator(".label-number").all_text_contents()
    assert sorted(labels) == ["0", "50"]
    expect(page.locator("tr:has-text('TAIF-001')")).to_contain_text("50%")


def test_filters_change_the_address_and_keep_the_place(visit, treated):
    page = visit().open("/")
    page.locator("[data-tool=in]").click()
    page.wait_for_url(re.compile(r"#\d"))
    place = page.url.split("#")[1]

    page.get_by_role("link", name="التشوهات", exact=True).click()
    page.get_by_role("link", name="حفر الشوارع").click()

    page.wait_for_url(re.compile("element=pothole"))
    assert "view=points" in page.url
    assert page.url.split("#")[1] == place


def test_what_lies_together_is_one_cluster_and_what_lies_alone_opens(visit, treated):
    page = visit().open("/?view=points")

    expect(page.locator(".cluster-icon")).to_have_text("2")
    alone = page.locator(".pin.s-treated")
    alone.focus()
    alone.press("Enter")

    expect(page.locator("#map-card")).to_contain_text(treated.number)
    page.keyboard.press("Escape")
    expect(page.locator("#map-card")).to_be_hidden()


def test_coming_closer_takes_a_cluster_apart(visit, city):
    for east in (0.52, 0.60):
        factories.distortion("accepted", **inside(0, east=east))
    visitor, asked = visit(), []
    visitor.context.on(
        "request", lambda request: asked.append(request.url) if "clusters" in request.url else None
    )
    page = visitor.open("/?view=points")

    zoom = float(re.search(r"zoom=(\d+)", asked[-1])[1])
    page.locator(".cluster-icon").click()
    expect(page.locator(".pin.s-accepted")).to_have_count(2)

    assert float(re.search(r"zoom=(\d+)", asked[-1])[1]) > zoom


def test_the_wheel_scrolls_the_page_until_the_map_is_chosen(visit, treated):
    page = visit().open("/")
    place = page.locator("#map")

    place.hover()
    page.mouse.wheel(0, 200)
    page.wait_for_function("scrollY > 0")

    assert "#" not in page.url


def test_a_map_that_cannot_be_loaded_says_so(visit, treated):
    visitor = visit()
    visitor.context.route("**/map/districts.json*", lambda route: route.abort())

    page = visitor.open("/")

    expect(page.locator("#map-failed")).to_be_visible()
    assert visitor.faults
    visitor.faults.clear()


def test_the_words_of_a_kiosk_are_text_and_nothing_else(visit, city):
    element = factories.element("graffiti")
    element.name_ar = "<img src=x onerror=alert(1)>"
    element.save()
    factories.distortion("accepted")

    page = visit().open("/?view=points")
    page.locator(".pin").click()

    expect(page.locator("#map-card h2")).to_have_text(element.name_ar)
