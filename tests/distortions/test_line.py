"""Several large photos at once: few wait, the others are asked to come again, none is lost."""

from threading import Thread

import pytest

from gis_app.distortions import photos
from gis_app.distortions.models import Photo
from gis_app.errors import TooMany
from tests import factories
from tests.fieldapi.asking import send_photo


@pytest.fixture
def full_line():
    """As many photos as may be decoded and wait."""
    for _ in range(photos.MOST_IN_LINE):
        photos._line.acquire()
    yield
    for _ in range(photos.MOST_IN_LINE):
        photos._line.release()


def test_one_more_photo_than_may_wait_is_asked_to_come_again(full_line):
    data = factories.picture()

    with pytest.raises(TooMany) as refusal:
        photos.read(data, sha256=factories.sha256(data))

    assert refusal.value.extra["retry_after"] > 0


def test_those_in_line_are_all_read():
    data = factories.picture(size=(600, 400))
    read = []

    def send():
        read.append(photos.read(data, sha256=factories.sha256(data)))

    phones = [Thread(target=send) for _ in range(photos.MOST_IN_LINE)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()

    assert len(read) == photos.MOST_IN_LINE


def test_a_photo_that_could_not_wait_is_taken_later(city, client, full_line):
    address = f"reports/{factories.report().pk}"

    refused = send_photo(client, address)
    photos._line.release()
    taken = send_photo(client, address)
    photos._line.acquire()

    assert (refused.status_code, taken.status_code) == (429, 201)
    assert int(refused["Retry-After"]) > 0
    assert Photo.objects.count() == 1


def test_a_refused_picture_leaves_the_line():
    for _ in range(photos.MOST_IN_LINE + 1):
        with pytest.raises(photos.NotAPicture):
            photos.read(b"nothing", sha256=factories.sha256(b"nothing"))
