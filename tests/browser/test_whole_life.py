"""A whole life in a browser, in Arabic: a resident's phone, the desk, a crew, a verifier, the map."""

import re

import pytest
from playwright.sync_api import Page, expect

from gis_app.distortions.models import Distortion
from tests.factories import inside, picture

pytestmark = pytest.mark.django_db(transaction=True)

HERE = {"latitude": inside()["lat"], "longitude": inside()["lon"], "accuracy": 9}
AFTER = {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": picture("#1e6a50")}


def open_case(visit, client) -> Page:
    """The only case, as the one who has signed in to *client* sees it on the desk."""
    staff = visit()
    staff.sign_in(client)
    return staff.open(f"/desk/{Distortion.objects.get().number}/")


def make(page: Page, label: str, **fields: str) -> None:
    """Press the move's button, fill what it asks for, and confirm."""
    move = page.locator(".move", has=page.get_by_text(label, exact=False)).first
    move.locator("summary, button").first.click()
    for name, value in fields.items():
        field = move.locator(f"[name={name}]")
        if name == "photos":
            field.set_input_files(AFTER)
        elif name == "team":
            field.select_option(value)
        else:
            field.fill(value)
    if fields:
        move.locator("form button.btn--primary").click()
    expect(page.locator(".page-messages .note--ok")).to_be_visible()


def figures(visit) -> tuple[list[str], str]:
    """The first district's row beside the public map, and what the sheet says awaits triage."""
    page = visit().open("/")
    row = page.locator("tr", has=page.get_by_role("link", name="حي TAIF-001", exact=True))
    verified, treated, open_, waiting = (
        cell.inner_text().strip() for cell in row.locator("td").all()
    )
    return [verified, treated, open_], waiting


def test_the_whole_life_in_arabic(city, visit, triage, crew, verifier, settings):
    settings.RASD_FEW = 1  # a single distortion shall have a rate here
    phone = visit(phone=True, geolocation=HERE, permissions=["geolocation"])
    page = phone.open("/report/")
    page.locator("#locate").click()
    expect(page.locator("#picked")).to_have_text(city.west.name_ar)
    page.locator(".tile:has([value=graffiti])").click()
    page.locator("#id_description").fill("كتابة كبيرة على سور المدرسة")
    page.locator("#send").click()
    page.wait_for_url(re.compile("/track/"))
    tracking = page.url
    expect(page.locator("main")).to_contain_text("استلمنا البلاغ")
    assert figures(visit) == (["لا شيء", "", "0"], "1")

    make(open_case(visit, triage), "قبول")
    make(open_case(visit, triage), "إسناد", team=city.team.code)
    assert figures(visit) == (["0%", "0%", "1"], "0")

    make(open_case(visit, crew), "تسجيل المعالجة", photos="after", quantity="٢٫٥")
    assert figures(visit) == (["0%", "100%", "0"], "0")

    make(open_case(visit, verifier), "تأكيد المعالجة")
    assert figures(visit) == (["100%", "100%", "0"], "0")

    page.goto(tracking)
    expect(page.locator("main")).to_contain_text("تأكدنا من المعالجة")
    found = Distortion.objects.get()
    assert (found.status, found.treated_quantity) == ("verified", 2.5)
    public = visit().open(f"/d/{found.number}/")
    expect(public.get_by_role("heading", level=1)).to_contain_text("كتابة على جدار")
    expect(public.locator("img[src*='/photos/']").first).to_be_visible()
