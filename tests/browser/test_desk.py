"""The desk and the planner's page in a browser: shortcuts, forms without scripts, one selection."""

import pytest

from gis_app.distortions.models import Step
from tests import factories


@pytest.fixture
def waiting(transactional_db, city):
    """Two that wait for triage, the more severe one first."""
    return [factories.distortion(code="pothole"), factories.distortion(code="graffiti")]


def test_digits_make_moves_and_the_queue_goes_on(waiting, visit, triage):
    first, second = waiting
    visitor = visit()
    visitor.sign_in(triage)
    page = visitor.open("/desk/")
    assert page.locator("#case-title").inner_text() == first.element.title_ar

    with page.expect_navigation():
        page.keyboard.press("1")

    assert page.locator("#case-title").inner_text() == second.element.title_ar
    assert Step.objects.filter(distortion=first, move="accept").count() == 1


def test_a_digit_opens_the_form_of_a_move_that_asks(waiting, visit, triage):
    visitor = visit()
    visitor.sign_in(triage)
    page = visitor.open("/desk/")

    move = page.locator(".move", has=page.locator("[name=body]"))
    page.keyboard.press(move.locator("summary").get_attribute("data-key"))
    page.keyboard.type("شركة المياه 1")  # a digit in a field is a digit

    assert page.locator(".move[open] [name=body]").input_value() == "شركة المياه 1"
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/?queue=triage**")
    waiting[0].refresh_from_db()
    assert waiting[0].status == "referred"


def test_without_scripts_a_crew_treats_with_photo_and_quantity(
    transactional_db, city, visit, crew, tmp_path
):
    found = factories.distortion("assigned")
    file = tmp_path / "after.jpg"
    file.write_bytes(factories.picture("#1e6a50"))
    visitor = visit(phone=True, scripts=False)
    visitor.sign_in(crew)
    page = visitor.open("/desk/")

    page.locator(f".qrow[href*='{found.number}']").click()
    form = page.locator("form[action*='/moves/treat/']")
    page.locator(".move", has=form).locator("summary").click()
    form.locator("[name=photos]").set_input_files(file)
    form.locator("[name=quantity]").fill("٢٫٥")
    form.locator("button.btn--primary").click()

    page.wait_for_url("**/desk/?**")
    found.refresh_from_db()
    assert (found.status, found.treated_quantity) == ("treated", 2.5)


def test_map_table_and_sheet_are_one_selection(transactional_db, city, visit, planner):
    factories.distortion("verified")
    visitor = visit()
    visitor.sign_in(planner)
    page = visitor.open("/planner/")

    page.locator("a[data-district='TAIF-001']").click()
    page.locator("#sheet h2", has_text="TAIF-001").wait_for()

    assert page.locator("tr.is-on").get_attribute("data-code") == "TAIF-001"
    assert page.locator("#map .chosen").count() == 1
    assert "district=TAIF-001" in page.url
    assert "district=TAIF-001" in page.locator(".pf .ends a").first.get_attribute("href")


def test_a_treated_one_shows_its_photos_before_and_after(transactional_db, city, visit, planner):
    found = factories.distortion("treated")
    factories.photo(distortion=found, by=factories.staff("inspector"))
    visitor = visit()
    visitor.sign_in(planner)
    page = visitor.open("/planner/")

    page.locator("#show-done").check()
    page.locator("#map .pin").first.click()

    card = page.locator("#map-card")
    card.locator("figure[data-kind=before] img").wait_for(state="visible")
    assert card.locator("figure[data-kind=after]").is_visible()
    assert found.number in card.inner_text()
