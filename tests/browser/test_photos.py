"""Photos in a browser: rectangles drawn and typed, the device's place and time with a treatment."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from gis_app.distortions.models import Photo
from tests import factories

HERE = factories.inside()


@pytest.fixture
def photo(transactional_db, city):
    report = factories.report()
    factories.move("accept", report.distortion)
    return factories.photo(report=report, data=factories.picture(size=(800, 600)))


def test_a_rectangle_is_drawn_seen_and_kept(photo, visit, triage):
    visitor = visit()
    visitor.sign_in(triage)
    page = visitor.open(f"/desk/photos/{photo.token}/")
    box = page.locator("#stage").bounding_box()

    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.5, steps=4)
    page.mouse.up()
    assert page.locator("#drawn rect").count() == 1
    page.locator("button[value=blur]").click()
    page.wait_for_url("**#seen")

    photo.refresh_from_db()
    assert photo.blurs == [pytest.approx([0.25, 0.25, 0.5, 0.25], abs=0.01)]
    assert visitor.faults == []


def test_keys_alone_add_move_and_remove_a_rectangle(photo, visit, triage):
    visitor = visit(phone=True)
    visitor.sign_in(triage)
    page = visitor.open(f"/desk/photos/{photo.token}/")

    page.locator("#add").press("Enter")
    page.keyboard.press("ArrowUp")
    assert page.locator("#drawn rect").get_attribute("x") == "41"

    page.locator(".rect button").press("Enter")
    assert page.locator("#drawn rect").count() == 0
    assert page.evaluate("document.activeElement.id") == "add"


@pytest.mark.parametrize("phone", [True, False])
def test_the_page_serves_everybody(photo, visit, triage, phone):
    visitor = visit(phone=phone)
    visitor.sign_in(triage)

    page = visitor.open(f"/desk/photos/{photo.token}/")

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [rule["help"] for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_place_and_the_time_go_with_a_treatment(transactional_db, city, visit, crew, tmp_path):
    found = factories.distortion("assigned")
    file = tmp_path / "after.jpg"
    file.write_bytes(factories.picture("#1e6a50"))
    visitor = visit(phone=True)
    visitor.sign_in(crew)
    visitor.context.grant_permissions(["geolocation"])
    visitor.context.set_geolocation(
        {"latitude": HERE["lat"], "longitude": HERE["lon"], "accuracy": 12}
    )
    page = visitor.open(f"/desk/{found.number}/")
    form = page.locator("form[action*='/moves/treat/']")
    page.locator("details.move", has=form).locator("summary").click()

    form.locator("[data-proof] button").click()
    form.locator("[role=status] bdi").wait_for()
    form.locator("[name=photos]").set_input_files(file)
    form.locator("[name=quantity]").fill("2")
    form.locator("button.btn--primary").click()
    page.wait_for_url("**/desk/?**")

    photo = Photo.objects.get()
    assert photo.flags == []
    assert (photo.accuracy_m, photo.place.x) == (12, pytest.approx(HERE["lon"]))
