"""Forms for a treatment: the device's place and time go with the photos; the verifier reads what is odd."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gis_app.distortions.models import Photo
from tests import factories

pytestmark = pytest.mark.django_db

HERE = factories.inside()


def treat(browser, found, *colours, **fields):
    """Send the form as the page makes it, with a photo of each colour."""
    photos = [
        SimpleUploadedFile(f"{colour}.jpg", factories.picture(colour), "image/jpeg")
        for colour in colours
    ]
    hidden = {"id": uuid4(), "expected_status": found.status, "quantity": "2"}
    return browser.post(f"/desk/{found.number}/moves/treat/", hidden | fields | {"photos": photos})


@pytest.fixture
def assigned(city):
    return factories.distortion("assigned")


def test_the_devices_place_goes_with_all_photos_and_each_has_its_time(crew, assigned):
    moments = [timezone.now() - timedelta(minutes=minutes) for minutes in (0, 1)]
    told = {"taken_at": ",".join(moment.isoformat() for moment in moments), "accuracy_m": "7"}

    answer = treat(crew, assigned, "red", "blue", **HERE, **told)

    assert answer.status_code == 302
    red, blue = Photo.objects.order_by("pk")
    assert [red.taken_at, blue.taken_at] == moments
    assert (red.place.x, red.accuracy_m) == (HERE["lon"], 7)
    assert blue.place == red.place


def test_without_a_script_the_photos_are_taken_all_the_same(crew, assigned):
    assert treat(crew, assigned, "red").status_code == 302
    assert Photo.objects.get().flags == ["no_place"]


def test_the_page_offers_the_position_where_it_asks_for_photos(crew, assigned):
    page = crew.get(f"/desk/{assigned.number}/").content.decode()

    assert "data-proof" in page
    assert 'name="taken_at"' in page


def test_the_verifier_reads_what_is_odd_before_she_verifies(crew, verifier, assigned, client):
    north = HERE | {"lat": HERE["lat"] + 0.01}
    treat(crew, assigned, "red", **north, accuracy_m="80")
    verifier.cookies["django_language"] = "en"

    page = verifier.get(f"/desk/{assigned.number}/").content.decode()
    queue = verifier.get("/desk/?queue=verify").content.decode()

    assert "Look at this before you verify" in page
    assert "m away" in page
    assert "80 m only" in page
    assert "Flagged photo" in queue
    assert "m away" not in client.get(f"/d/{assigned.number}/").content.decode()


def test_what_proves_well_is_not_flagged(crew, verifier, assigned):
    verifier.cookies["django_language"] = "en"
    treat(crew, assigned, "red", **HERE, taken_at=timezone.now().isoformat())

    assert "Look at this" not in verifier.get(f"/desk/{assigned.number}/").content.decode()
    assert "Flagged photo" not in verifier.get("/desk/?queue=verify").content.decode()
