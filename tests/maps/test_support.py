"""Seeing it too: one press on the page of a distortion."""

import pytest

from gis_app.distortions.models import Contact, Report
from tests import factories

pytestmark = pytest.mark.django_db


def press(client, found, **contact):
    return client.post(f"/d/{found.number}/support/", contact)


def seen(client, found) -> str:
    return client.get(f"/d/{found.number}/").content.decode()


def test_one_press_is_one_more_who_has_seen_it(city, client):
    found = factories.distortion()

    answer = press(client, found)

    report = Report.objects.latest("received_at")
    assert (answer.status_code, answer["Location"]) == (302, f"/d/{found.number}/")
    assert report.distortion == found
    assert f"/track/{report.track_token}/" in seen(client, found)
    found.refresh_from_db()
    assert found.supporters_count == 2


def test_pressing_again_says_so_and_counts_nothing(city, client):
    found = factories.distortion()
    client.cookies["django_language"] = "en"
    press(client, found)
    seen(client, found)

    press(client, found)

    assert "You have told us already." in seen(client, found)
    assert Report.objects.count() == 2


def test_another_browser_is_another_person(city, client, resident):
    found = factories.distortion()

    press(client, found)
    press(resident, found)

    found.refresh_from_db()
    assert found.supporters_count == 3


def test_whoever_wants_to_be_told_leaves_how(city, client):
    found = factories.distortion()

    press(client, found, phone="٠٥٠١٢٣٤٥٦٧", email="")

    assert Contact.objects.get().phone == "+966501234567"


def test_a_number_that_is_none_is_told_beside_its_field_and_nothing_is_stored(city, client):
    found = factories.distortion()

    answer = press(client, found, phone="12")

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"phone"}
    assert 'value="12"' in answer.content.decode()
    assert Report.objects.count() == 1


def test_a_merged_number_is_pressed_for_its_survivor(city, client):
    merged = factories.distortion("merged")

    answer = press(client, merged)

    assert answer["Location"] == f"/d/{merged.merged_into.number}/"


@pytest.mark.parametrize("status", ["rejected", "referred"])
def test_what_is_hidden_is_not_there(city, client, status):
    assert press(client, factories.distortion(status)).status_code == 404


def test_what_was_treated_meanwhile_is_reported_anew(city, client):
    found = factories.distortion("treated")

    answer = press(client, found)

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    assert "/support/" not in seen(client, found)
    assert "/report/?element=graffiti" in seen(client, found)


def test_it_takes_a_press_and_no_link(city, client):
    assert client.get(f"/d/{factories.distortion().number}/support/").status_code == 405
