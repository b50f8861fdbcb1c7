"""Reporting from a phone: a place from the map, small photos, and nothing lost on the way."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from gis_app.distortions.models import Photo, Report
from tests import factories
from tests.factories import inside, picture

pytestmark = pytest.mark.django_db(transaction=True)

HERE = {"latitude": inside()["lat"], "longitude": inside()["lon"], "accuracy": 12}
THERE = re.compile(r"/track/")


@pytest.fixture
def phone(city, visit):
    """A phone that knows its place."""
    return visit(phone=True, geolocation=HERE, permissions=["geolocation"])


def jpeg(name: str = "wall.jpg", data: bytes | None = None) -> dict:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data or picture()}


def choose(page, element: str = "graffiti") -> None:
    page.locator(f".tile:has([value={element}])").click()


def test_a_report_from_a_phone(phone, city):
    page = phone.open("/report/")

    page.locator("#id_photos").set_input_files(jpeg(data=picture(size=(3000, 2250))))
    expect(page.locator("#thumbs img")).to_have_count(1)
    page.locator("#locate").click()
    expect(page.locator("#picked")).to_have_text(city.west.name_ar)
    choose(page)
    page.locator("#send").click()
    page.wait_for_url(THERE)

    report = Report.objects.get()
    assert report.distortion.district == city.west
    assert report.accuracy_m == 12
    assert Photo.objects.get().width == 2048
    assert page.evaluate("sessionStorage.length") == 0


def test_a_tap_on_the_map_or_its_middle_is_a_place(phone):
    page = phone.open("/report/")

    page.locator("#map").click(position={"x": 150, "y": 160})
    tapped = page.locator("#id_place").input_value()
    page.locator("#map").press("ArrowRight")
    page.locator("#pin-here").click()

    assert re.fullmatch(r"21\.26\d+, 40\.4\d+", tapped)
    assert page.locator("#id_place").input_value() != tapped
    expect(page.locator(".place-pin")).to_be_visible()


def test_typed_coordinates_move_the_pin(phone, city):
    page = phone.open("/report/")
    lon, lat = inside(1).values()

    page.locator("#by-hand summary").click()
    page.locator("#id_place").fill(f"{lon}, {lat}")
    page.locator("#id_place").blur()

    expect(page.locator("#picked")).to_have_text(city.middle.name_ar)


def test_a_device_that_keeps_its_place_to_itself_is_told_of(city, visit):
    page = visit(phone=True).open("/report/")

    page.locator("#locate").click()

    expect(page.locator("#picked.is-bad")).not_to_be_empty()


def test_a_known_case_nearby_can_be_joined(phone):
    known = factories.distortion("accepted")
    page = phone.open("/report/")

    page.locator("#locate").click()
    choose(page)
    expect(page.locator(".near-case [data-metres]")).to_have_text("0")
    page.locator(".near-case label").click()
    page.locator("#send").click()
    page.wait_for_url(THERE)

    assert Report.objects.latest("received_at").distortion == known


def test_whoever_passes_over_the_known_ones_is_asked_and_loses_nothing(phone):
    known = factories.distortion()
    page = phone.open("/report/")
    page.locator("#id_photos").set_input_files(jpeg())
    page.locator("#locate").click()
    choose(page)
    page.locator("#send").click()

    expect(page.locator("#summary .note")).to_be_visible()
    page.locator("[value=another]").check()
    page.locator("#send").click()
    page.wait_for_url(THERE)

    report = Report.objects.latest("received_at")
    assert report.distortion != known
    assert report.photos.count() == 1


def test_without_scripts_the_known_ones_are_asked_as_well(city, visit):
    known = factories.distortion()
    page = visit(phone=True, scripts=False).open("/report/")
    page.locator("#id_place").fill(f"{HERE['latitude']}, {HERE['longitude']}")
    choose(page)
    page.locator("#send").click()

    page.locator(".near-case label").click()
    page.locator("#send").click()
    page.wait_for_url(THERE)

    assert known.reports.count() == 2


def test_photos_can_be_taken_out_again(phone):
    page = phone.open("/report/")
    page.locator("#id_photos").set_input_files([jpeg(), jpeg("other.jpg", picture("green"))])

    page.locator("#thumbs button").first.click()

    expect(page.locator("#thumbs img")).to_have_count(1)


def test_a_mistake_costs_nothing(phone):
    page = phone.open("/report/")
    page.locator("#id_photos").set_input_files(jpeg())
    page.locator("#id_phone").fill("12")
    page.locator("#locate").click()
    page.locator("#send").click()

    expect(page.locator("#summary a")).to_have_attribute("href", "#id_element")
    expect(page.locator("#summary")).to_be_focused()
    choose(page)
    page.locator("#send").click()
    expect(page.locator("#id_phone")).to_have_attribute("aria-invalid", "")
    page.locator("#id_phone").fill("0501234567")
    page.locator("#send").click()
    page.wait_for_url(THERE)

    phone.faults.clear()  # the browser counts each 422 as one
    assert Photo.objects.count() == 1


def test_without_a_network_everything_stays(phone):
    page = phone.open("/report/")
    page.locator("#id_photos").set_input_files(jpeg())
    page.locator("#locate").click()
    choose(page)
    page.locator("#id_description").fill("خلف المدرسة")

    phone.context.set_offline(True)
    page.locator("#send").click()
    expect(page.locator("#summary .note")).to_be_visible()
    phone.context.set_offline(False)
    page.locator("#send").click()
    page.wait_for_url(THERE)

    phone.faults.clear()  # the browser itself says that it was offline
    assert Report.objects.get().description == "خلف المدرسة"
    assert Photo.objects.count() == 1


def test_what_was_typed_outlives_a_reload(phone):
    page = phone.open("/report/")
    page.locator("#id_description").fill("خلف المدرسة")
    choose(page)
    identity = page.locator("#id_id").input_value()

    page.reload()

    expect(page.locator("#id_description")).to_have_value("خلف المدرسة")
    expect(page.locator("[value=graffiti]")).to_be_checked()
    expect(page.locator("#id_id")).to_have_value(identity)


def test_without_scripts_a_report_is_sent_as_well(city, visit):
    page = visit(phone=True, scripts=False).open("/report/")
    out = BytesIO()
    Image.new("RGB", (64, 48), "blue").save(out, "JPEG")

    page.locator("#camera").set_input_files(jpeg())
    page.locator("#id_photos").set_input_files(jpeg("more.jpg", out.getvalue()))
    page.locator("#id_district").select_option("TAIF-002")
    page.locator("#id_place_note").fill("مقابل المدرسة")
    choose(page)
    page.locator("#send").click()
    page.wait_for_url(THERE)

    assert Report.objects.get().distortion.district == city.middle
    assert Photo.objects.count() == 2
