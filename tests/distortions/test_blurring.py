"""Blurring: what is hidden cannot be brought back, the rest stays, and nobody else sees more."""

import random
from io import BytesIO

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from gis_app.distortions import photos
from gis_app.distortions.blurring import CELLS, Rectangle, blur_photo, hidden
from gis_app.distortions.erasing import drop_original
from gis_app.distortions.judging import clear_photo
from gis_app.errors import Forbidden, Refused
from tests import factories

FACE = [0.25, 0.25, 0.5, 0.5]
JPEG_ERROR = 40  # of 255: what writing a noisy picture as JPEG once more may change


def noise(width: int = 96, height: int = 64) -> bytes:
    """A JPEG with much detail everywhere, so that whatever is left of it would be seen."""
    chance = random.Random(7)
    grey = Image.frombytes("L", (width // 4, height // 4), chance.randbytes(width * height // 16))
    out = BytesIO()
    grey.resize((width, height)).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def pixels(jpeg: bytes) -> Image.Image:
    return Image.open(BytesIO(jpeg)).convert("L")


def shares():
    starts = st.floats(0, 0.85)
    sides = st.floats(0.1, 0.9)
    return st.builds(Rectangle, starts, starts, sides, sides)


@settings(max_examples=25, deadline=None)
@given(rectangles=st.lists(shares(), min_size=1, max_size=3))
def test_inside_are_a_few_flat_cells_and_outside_all_is_as_it_was(rectangles):
    original = noise()
    rectangles = [rectangle.checked() for rectangle in rectangles]

    found = pixels(hidden(original, rectangles).large)

    boxes = [rectangle.pixels(found) for rectangle in rectangles]
    assert shades(found.crop(boxes[-1])) <= CELLS * CELLS
    outside = ImageChops.difference(pixels(original), found)
    for box in boxes:
        outside.paste(0, grown(box))
    assert outside.getextrema()[1] <= JPEG_ERROR


def shades(part: Image.Image) -> int:
    """How many flat cells there are: the middles of CELLS × CELLS parts, which must be flat."""
    columns, rows = (max(1, round(CELLS * side / max(part.size))) for side in part.size)
    for column in range(columns):
        for row in range(rows):
            middle = part.crop(
                (
                    int((column + 0.4) * part.width / columns),
                    int((row + 0.4) * part.height / rows),
                    int((column + 0.6) * part.width / columns) + 1,
                    int((row + 0.6) * part.height / rows) + 1,
                )
            )
            darkest, brightest = middle.getextrema()
            assert brightest - darkest <= JPEG_ERROR
    return columns * rows


def grown(box):
    """*box* with the blocks of 16 pixels around it, in which JPEG mixes inside and outside."""
    left, top, right, bottom = box
    return (max(left - 16, 0), max(top - 16, 0), right + 16, bottom + 16)


# --- who sees what


@pytest.fixture
def photo(city, triage):
    """A published photo with detail."""
    report = factories.report()
    found = factories.photo(report=report, data=noise())
    factories.move("accept", report.distortion)
    return clear_photo(token=found.token, by=triage.user)


def opened(photo, size="large", *, user, track="") -> bytes | None:
    found = photos.open_for(photo.token, size, user=user, track=track)
    if found is None:
        return None
    with found.file as file:
        return file.read()


@pytest.mark.django_db
def test_everybody_sees_it_blurred_in_every_size(photo, resident, inspector, triage):
    before = {size: opened(photo, size, user=AnonymousUser()) for size in photos.SIZES}

    blur_photo(token=photo.token, rectangles=[FACE], by=triage.user)

    for size in photos.SIZES:
        for user in (AnonymousUser(), resident.user, inspector.user, triage.user):
            assert opened(photo, size, user=user) != before[size]
        sender = opened(photo, size, user=AnonymousUser(), track=photo.report.track_token)
        assert sender != before[size]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "may"),
    [("triage", True), ("verifier", True), ("admin", True), ("inspector", False), ("crew", False)],
)
def test_the_original_is_for_those_who_judge(photo, role, may):
    user = factories.user(role)
    blur_photo(token=photo.token, rectangles=[FACE], by=factories.staff("triage"))

    original = opened(photo, photos.ORIGINAL, user=user)

    assert (original == photos.path(photo.sha256, "large").read_bytes()) is may


@pytest.mark.django_db
def test_the_original_is_for_those_in_whose_scope_it_is(photo):
    elsewhere = factories.user("triage", sub_municipality=factories.sub_municipality("taif-east"))

    assert opened(photo, "large", user=elsewhere)
    assert opened(photo, photos.ORIGINAL, user=elsewhere) is None
    assert opened(photo, photos.ORIGINAL, user=AnonymousUser()) is None


@pytest.mark.django_db
def test_it_is_blurred_anew_from_the_original_and_not_at_all(photo, triage):
    plain = opened(photo, user=triage.user)
    blur_photo(token=photo.token, rectangles=[FACE], by=triage.user)
    first = opened(photo, user=triage.user)

    blur_photo(token=photo.token, rectangles=[[0, 0, 0.2, 0.2]], by=triage.user)
    assert opened(photo, user=triage.user) not in (plain, first)

    blur_photo(token=photo.token, rectangles=[], by=triage.user)
    assert opened(photo, user=triage.user) == plain


@pytest.mark.django_db
def test_blurring_is_a_step(photo, triage):
    blur_photo(token=photo.token, rectangles=[FACE], by=triage.user)
    blur_photo(token=photo.token, rectangles=[FACE], by=triage.user)

    step = photo.distortion.steps.latest("pk")
    assert (step.move, step.by) == ("blur", triage.user)
    assert step.differences == {f"blurs:{photo.pk}": [[], [FACE]]}
    assert photo.distortion.steps.filter(move="blur").count() == 1


@pytest.mark.django_db
def test_without_its_original_it_stays_as_it_was_blurred(
    photo, triage, django_capture_on_commit_callbacks
):
    blur_photo(token=photo.token, rectangles=[FACE], by=triage.user)
    blurred = opened(photo, user=AnonymousUser())

    with django_capture_on_commit_callbacks(execute=True):
        drop_original(photo)

    assert not photos.path(photo.sha256, "large").exists()
    assert opened(photo, photos.ORIGINAL, user=triage.user) is None
    assert opened(photo, user=AnonymousUser()) == blurred
    with pytest.raises(Refused):
        blur_photo(token=photo.token, rectangles=[], by=triage.user)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "rectangle",
    [
        [-0.1, 0, 0.5, 0.5],
        [0, 0, 1.5, 0.5],
        [0, 0, 0.5, 0],
        [float("nan"), 0, 0.5, 0.5],
        [1, 1, 1, 1],
    ],
)
def test_what_is_no_part_of_the_picture_is_refused(photo, triage, rectangle):
    with pytest.raises(Refused):
        blur_photo(token=photo.token, rectangles=[rectangle], by=triage.user)

    photo.refresh_from_db()
    assert photo.blurs == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["resident", "inspector", "crew", "planner"])
def test_only_the_desk_blurs(photo, role):
    with pytest.raises(Forbidden):
        blur_photo(token=photo.token, rectangles=[FACE], by=factories.user(role))
