"""Pictures: what is taken, what is refused, and that nothing but the pixels is kept."""

import hashlib
import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms

from gis_app.distortions import photos
from gis_app.errors import Refused

KINDS = ("JPEG", "PNG", "WEBP", "HEIF")


def picture(kind="JPEG", size=(64, 48), colour="red", mode="RGB", **how) -> bytes:
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **how)
    return out.getvalue()


def detailed(kind="JPEG", size=(160, 120), **how) -> bytes:
    """A picture in which every part of the file says something."""
    out = BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, kind, **how)
    return out.getvalue()


def read(data: bytes) -> photos.Picture:
    return photos.read(data, sha256=hashlib.sha256(data).hexdigest())


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(BytesIO(jpeg), formats=["JPEG"])


def is_near(pixel, colour) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


# --- what is taken


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_photo_becomes_two_progressive_jpegs(kind):
    taken = read(picture(kind, size=(800, 600)))

    large, thumb = opened(taken.large), opened(taken.thumb)
    assert (taken.width, taken.height) == large.size == (800, 600)
    assert thumb.size == (480, 360)
    assert large.mode == "RGB"
    assert large.info["progressive"]
    assert is_near(large.getpixel((400, 300)), (255, 0, 0))


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_photo_is_reduced_and_keeps_its_shape(kind):
    taken = read(picture(kind, size=(2400, 4800)))

    assert opened(taken.large).size == (1024, 2048)
    assert opened(taken.thumb).size == (240, 480)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_mode_of_colour_is_read(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    taken = read(picture(kind, mode=mode, colour=None, size=(3000, 10)))

    assert opened(taken.large).size == (2048, 7)


def test_16_bits_of_grey_stay_grey():
    taken = read(picture("PNG", mode="I;16", colour=32768))

    assert is_near(opened(taken.large).getpixel((5, 5)), (128, 128, 128))


# Where the top left corner of the stored pixels belongs, for each EXIF orientation.
CORNERS = {
    1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1),
}  # fmt: skip


@pytest.mark.parametrize(("orientation", "corner"), CORNERS.items())
def test_a_photo_is_turned_upright(orientation, corner):
    sheet = Image.new("RGB", (96, 64), "white")
    sheet.paste("black", (0, 0, 32, 32))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    out = BytesIO()
    sheet.save(out, "JPEG", exif=exif)

    large = opened(read(out.getvalue()).large)

    assert large.size == ((96, 64) if orientation < 5 else (64, 96))
    x, y = (place * (side - 1) for place, side in zip(corner, large.size, strict=True))
    assert is_near(large.getpixel((x, y)), (0, 0, 0))


def test_transparent_parts_become_white():
    taken = read(picture("PNG", mode="RGBA", colour=(0, 0, 0, 0)))

    assert is_near(opened(taken.large).getpixel((5, 5)), (255, 255, 255))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_counts(kind):
    out = BytesIO()
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])

    assert is_near(opened(read(out.getvalue()).large).getpixel((5, 5)), (255, 0, 0))


def test_colours_are_converted_to_those_of_a_screen():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")

    taken = read(picture(icc_profile=swapped))

    assert is_near(opened(taken.large).getpixel((5, 5)), (0, 0, 255))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_metadata_does_not_cost_the_photo():
    taken = read(
        picture(icc_profile=b"not a profile", exif=b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff")
    )

    assert is_near(opened(taken.large).getpixel((5, 5)), (255, 0, 0))


# --- what is not kept


def segments(jpeg: bytes) -> set[int]:
    """The markers before the first scan."""
    found, at = set(), 2
    while jpeg[at + 1] != 0xDA:
        found.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


def test_nothing_is_kept_that_tells_of_the_sender():
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "SenderPhone"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (21.0, 16.0, 12.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = picture(exif=exif, xmp=b"<x>SenderName</x>", comment="SenderNote", icc_profile=profile)
    assert {0xE1, 0xE2, 0xFE} <= segments(data)

    taken = read(data)

    for kept in (taken.large, taken.thumb):
        assert not {0xE1, 0xE2, 0xFE} & segments(kept)
        assert b"Sender" not in kept


# --- what is refused


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_truncated_photo_is_refused(kind, share):
    data = detailed(kind)

    with pytest.raises(photos.NotAPicture):
        read(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff",
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"%PDF-1.7",
        picture("GIF"),
        picture("TIFF"),
        picture("BMP"),
    ],
)
def test_what_is_not_one_of_the_four_kinds_is_refused(data):
    with pytest.raises(photos.NotAPicture):
        read(data)


def test_other_bytes_than_announced_are_refused():
    with pytest.raises(photos.Damaged):
        photos.read(picture(), sha256=hashlib.sha256(b"another").hexdigest())


def test_more_than_20_megabytes_are_refused():
    with pytest.raises(photos.TooLarge) as refusal:
        read(picture() + bytes(photos.MAX_BYTES))

    assert refusal.value.status == 413


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@pytest.mark.usefixtures("english")
def test_a_small_file_of_many_pixels_is_refused_before_it_is_decoded():
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    start = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000)))
    bomb = b"\x89PNG\r\n\x1a\n" + start + chunk(b"IEND", b"")

    with pytest.raises(Refused, match="megapixels"):
        read(bomb)


def test_a_photo_of_a_phone_with_50_megapixels_is_taken():
    taken = read(picture(size=(8160, 6120), mode="L", colour=128))

    assert opened(taken.large).size == (2048, 1536)


def test_a_photo_of_endless_scans_is_refused():
    data = picture(progressive=True)
    scans = data.index(b"\xff\xda")
    endless = data[:scans] + data[scans:-2] * photos.MAX_SCANS + data[-2:]

    with pytest.raises(photos.NotAPicture):
        read(endless)


SOUND = {kind: detailed(kind, size=(64, 48)) for kind in KINDS}


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    spoilt=st.lists(st.tuples(st.floats(0, 0.999), st.binary(max_size=4)), max_size=4),
)
def test_spoilt_bytes_are_read_or_refused_and_never_crash(kind, spoilt):
    data = bytearray(SOUND[kind])
    for share, other in spoilt:
        at = int(share * len(data))
        data[at : at + len(other)] = other

    with suppress(Refused):
        read(bytes(data))
