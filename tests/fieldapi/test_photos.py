"""Photos through the API: whole, hashed by what was sent, stored once."""

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from gis_app.distortions.models import Photo
from tests import factories
from tests.fieldapi.asking import problem, put, send, send_photo


def address_of(report) -> str:
    return f"reports/{report.pk}"


def test_a_photo_of_a_report_is_stored_once(city, client):
    address = address_of(factories.report())

    first, again = send_photo(client, address), send_photo(client, address)

    told = first.json()
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == told
    assert (told["kind"], told["width"], told["height"]) == ("before", 64, 48)
    assert told["is_cleared"] is False
    assert told["large"].startswith("http://testserver/photos/")
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF"])
def test_other_kinds_of_picture_are_taken(city, client, kind):
    data = factories.picture(kind=kind)

    assert send_photo(client, address_of(factories.report()), data).status_code == 201


def test_the_hash_is_of_the_bytes_sent(city, client):
    address = address_of(factories.report())

    answer = send_photo(client, address, sha256="0" * 64)

    assert answer.status_code == 422
    assert "damaged" in problem(answer)["detail"]
    data = factories.picture()
    assert (
        send_photo(client, address, data, sha256=factories.sha256(data).upper()).status_code == 201
    )


def broken_gif() -> bytes:
    out = BytesIO()
    Image.new("P", (9, 9)).save(out, "GIF")
    return out.getvalue()


@pytest.mark.parametrize("data", [b"\x00", factories.picture()[:-200], b"<svg/>", broken_gif()])
def test_what_is_not_a_whole_picture_is_refused(city, client, data):
    answer = send_photo(client, address_of(factories.report()), data)

    assert answer.status_code == 422
    assert "picture" in problem(answer)["detail"]
    assert Photo.objects.count() == 0


def test_an_empty_body_is_no_picture(city, client):
    report = factories.report()

    answer = put(client, f"{address_of(report)}/photos/{'0' * 64}", b"", content_type="image/jpeg")

    assert answer.status_code == 422


def test_more_than_twenty_megabytes_are_not_read(city, client):
    answer = send_photo(client, address_of(factories.report()), b"x" * (20 * 1024 * 1024 + 1))

    assert answer.status_code == 413
    problem(answer)


def test_a_photo_is_a_picture_and_not_a_form(city, client):
    address = f"{address_of(factories.report())}/photos/{'0' * 64}"

    assert put(client, address, {"photo": "…"}).status_code == 415


def test_a_photo_needs_its_report(city, client, inspector):
    assert send_photo(client, f"reports/{uuid4()}").status_code == 404
    assert send_photo(inspector, "distortions/TF-26-999999").status_code == 404


def test_nobody_adds_to_what_somebody_else_sent(city, client, resident):
    sent = send(resident).json()

    assert send_photo(client, f"reports/{sent['id']}").status_code == 403
    assert send_photo(resident, f"reports/{sent['id']}").status_code == 201


def test_staff_say_whether_it_was_before_or_after(city, inspector, resident):
    number = factories.distortion("accepted").number
    data = factories.picture()
    address = f"distortions/{number}/photos/{factories.sha256(data)}"

    before = put(inspector, f"{address}?kind=before", data, content_type="image/jpeg")
    wrong = put(inspector, f"{address}?kind=during", data, content_type="image/jpeg")

    assert before.json()["kind"] == "before"
    assert before.json()["is_cleared"] is True
    assert wrong.status_code == 400
    assert send_photo(resident, f"distortions/{number}").status_code == 403


def test_too_many_photos_from_one_client_wait(city, client, settings):
    settings.RASD_PHOTOS_PER_HOUR = 1
    address = address_of(factories.report())
    send_photo(client, address)

    answer = send_photo(client, address, factories.picture("#000000"))

    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert send_photo(client, address).status_code == 200
