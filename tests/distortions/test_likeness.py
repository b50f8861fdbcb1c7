"""A photo that is used again is found although it was changed; different ones are left alone."""

from io import BytesIO, StringIO
from random import Random

import pytest
from django.core.management import call_command
from PIL import Image, ImageDraw

from gis_app.distortions.erasing import erase_photos
from gis_app.distortions.models import Photo, PhotoLikeness, PhotoLook
from gis_app.distortions.used_before import alike_distortions
from tests import factories

pytestmark = pytest.mark.django_db

SIZE = (640, 480)
Turn = Image.Transpose


def drawn(seed: int) -> Image.Image:
    """A picture like no other: a sky, a ground, and shapes in between."""
    dice = Random(seed)

    def colour():
        return tuple(dice.randrange(256) for _ in range(3))

    image = Image.new("RGB", SIZE, colour())
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, dice.randrange(120, 360), *SIZE), fill=colour())
    for _ in range(30):
        x, y = dice.randrange(-50, SIZE[0]), dice.randrange(-50, SIZE[1])
        box = (x, y, x + dice.randrange(15, 260), y + dice.randrange(15, 200))
        dice.choice((pen.ellipse, pen.rectangle))(box, fill=colour())
    return image


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def cropped(image, left=0.0, top=0.0, right=0.0, bottom=0.0):
    wide, high = image.size
    return image.crop((left * wide, top * high, wide - right * wide, high - bottom * high))


def smaller(image):
    return image.resize((round(image.width * 0.4), round(image.height * 0.4)))


CHANGES = {
    "compressed": lambda image: jpeg(image, 50),
    "resized": lambda image: jpeg(smaller(image)),
    "turned by 90°": lambda image: jpeg(image.transpose(Turn.ROTATE_90)),
    "turned by 180°": lambda image: jpeg(image.transpose(Turn.ROTATE_180)),
    "turned by 270°": lambda image: jpeg(image.transpose(Turn.ROTATE_270)),
    "mirrored": lambda image: jpeg(image.transpose(Turn.FLIP_LEFT_RIGHT)),
    "cropped at one side": lambda image: jpeg(cropped(image, left=0.1)),
    "cropped all round": lambda image: jpeg(cropped(image, 0.1, 0.1, 0.1, 0.1)),
    "cropped anyhow": lambda image: jpeg(cropped(image, 0.03, 0.08, 0, 0.05)),
    "all at once": lambda image: jpeg(
        smaller(cropped(image.transpose(Turn.ROTATE_90), right=0.1)), 50
    ),
    "all at once, cropped all round": lambda image: jpeg(
        smaller(cropped(image.transpose(Turn.ROTATE_270), 0.05, 0.05, 0.05, 0.05)), 50
    ),
}


def after(found, data: bytes, *, by) -> Photo:
    return factories.photo(distortion=found, data=data, by=by, kind="after")


@pytest.fixture
def cases(city):
    """Two that are being treated, the second some hundred metres east of the first."""
    return [
        factories.distortion("in_progress", **factories.inside(east=share)) for share in (0.2, 0.8)
    ]


@pytest.mark.parametrize("change", CHANGES)
def test_a_treatment_s_photo_that_was_used_before_is_flagged(change, cases, crew):
    first, second = cases
    earlier = after(first, jpeg(drawn(1)), by=crew.user)

    again = after(second, CHANGES[change](drawn(1)), by=crew.user)

    assert "used_again" in again.flags
    assert "used_again" not in earlier.flags
    assert list(again.resembles.values_list("other", flat=True)) == [earlier.pk]


def test_the_same_bytes_are_found_even_of_a_plain_picture(cases, crew):
    first, second = cases
    after(first, factories.picture(), by=crew.user)

    again = after(second, factories.picture(), by=crew.user)

    assert "used_again" in again.flags


def test_plain_pictures_do_not_look_alike(cases, crew):
    first, second = cases
    after(first, factories.picture("#1e6a50"), by=crew.user)

    another = after(second, factories.picture("#a12c58"), by=crew.user)

    assert "used_again" not in another.flags


def test_eighty_different_pictures_are_not_found_to_be_alike(cases, crew):
    for seed in range(80):
        after(cases[seed % 2], jpeg(drawn(seed)), by=crew.user)

    assert PhotoLook.objects.count() == 80
    assert not PhotoLikeness.objects.exists()


def test_its_own_photo_before_the_treatment_proves_none(cases, crew):
    report = cases[0].reports.get()
    factories.photo(report=report, data=jpeg(drawn(1)))

    again = after(cases[0], CHANGES["all at once"](drawn(1)), by=crew.user)

    assert "used_again" in again.flags


def test_several_photos_of_one_treatment_may_look_alike(cases, crew):
    after(cases[0], jpeg(drawn(1)), by=crew.user)

    another = after(cases[0], CHANGES["cropped at one side"](drawn(1)), by=crew.user)

    assert "used_again" not in another.flags


def test_two_reports_with_one_photo_are_likely_the_same(city, triage):
    first, second = (
        factories.report(code=code, **factories.inside(column))
        for code, column in (("graffiti", 0), ("pothole", 2))
    )
    factories.photo(report=first, data=jpeg(drawn(1)))
    factories.photo(report=second, data=CHANGES["resized"](drawn(1)))

    for this, other in ((first, second), (second, first)):
        assert list(alike_distortions(this.distortion, triage.user)) == [other.distortion]


def test_an_erased_photo_is_no_longer_found(cases, crew):
    report = cases[0].reports.get()
    factories.photo(report=report, data=jpeg(drawn(1)))
    again = after(cases[1], jpeg(drawn(1), 50), by=crew.user)
    assert again.resembles.exists()

    erase_photos(report)

    assert not PhotoLikeness.objects.exists()
    assert list(PhotoLook.objects.values_list("photo", flat=True)) == [again.pk]
    assert "used_again" not in after(cases[1], jpeg(drawn(1), 70), by=crew.user).flags


def test_photos_that_were_kept_before_are_looked_at_later(cases, crew):
    for found, quality in zip(cases, (90, 50), strict=True):
        after(found, jpeg(drawn(1), quality), by=crew.user)
    PhotoLook.objects.all().delete()
    PhotoLikeness.objects.all().delete()
    Photo.objects.update(flags=["no_place"])
    said = StringIO()

    call_command("hash_photos", stdout=said)
    call_command("hash_photos", stdout=said)

    assert said.getvalue().splitlines() == [
        "Looked at 2 photos; used again: 1.",
        "Looked at 0 photos; used again: 0.",
    ]
    assert [photo.flags for photo in Photo.objects.order_by("pk")] == [
        ["no_place"],
        ["no_place", "used_again"],
    ]
