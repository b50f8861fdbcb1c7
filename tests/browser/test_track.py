"""A report's own page, and the form after a mistake, serve everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from gis_app.distortions.models import Report
from tests import factories
from tests.factories import inside

pytestmark = pytest.mark.django_db(transaction=True)

WAYS = {
    "phone": {"phone": True},
    "desk-night-english": {"dark": True, "language": "en"},
}


def found(page) -> str:
    answer = Axe().run(page, options={"resultTypes": ["violations"]})
    return answer.generate_report() if answer.violations_count else ""


@pytest.mark.parametrize("way", WAYS)
def test_a_reports_own_page(city, visit, way):
    reports = [factories.distortion(status).reports.get() for status in ("reported", "verified")]
    joined = Report.objects.get(origin=factories.distortion("merged"))
    visitor = visit(**WAYS[way])

    for report in [*reports, joined]:
        page = visitor.open(f"/track/{report.track_token}/")
        assert found(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.close()


@pytest.mark.parametrize("way", WAYS)
def test_the_form_after_a_mistake(city, visit, way):
    factories.distortion("accepted")
    here = {"latitude": inside()["lat"], "longitude": inside()["lon"], "accuracy": 300}
    visitor = visit(**WAYS[way], geolocation=here, permissions=["geolocation"])
    page = visitor.open("/report/")

    page.locator("#locate").click()
    page.locator(".tile:has([value=graffiti])").click()
    expect(page.locator(".near-case")).to_have_count(1)
    page.locator("[value=another]").check()
    page.locator("#id_email").fill("nobody")
    page.locator("#send").click()
    expect(page.locator("#summary a")).to_have_attribute("href", "#id_email")

    assert found(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    visitor.faults.clear()  # the browser counts a 422 as one


def test_photos_are_added_on_the_reports_own_page(city, visit):
    report = factories.report()
    page = visit(phone=True).open(f"/track/{report.track_token}/")

    page.locator("#id_photos").set_input_files(
        {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": factories.picture()}
    )
    page.locator(".add button").click()

    expect(page.locator(".shots img")).to_have_count(1)
    assert page.locator(".shots img").evaluate("image => image.decode().then(() => true)")
