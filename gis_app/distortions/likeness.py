"""Whether a photo was used before: what it looks like, found again although it was changed.

A picture's look is the signs of the cosine transform of its middle, 80 % of each side: 63 bits of
the coarsest waves to search by, 255 bits to be sure. Whoever crops a picture by up to a tenth on
any side leaves that middle whole, only elsewhere: so a new picture is asked for with every middle
that it may hold, in steps of 2.5 %, turned and mirrored in all eight ways. Smaller sizes and
compression hardly touch coarse waves. A slight tilt is not found. `bench/photos.py` measures it.

The method follows the perceptual hash by discrete cosine transform (Zauner, Implementation and
Benchmarking of Perceptual Image Hash Functions, 2010); the search by equal bands follows
Norouzi, Punjani and Fleet, Fast Search in Hamming Space with Multi-Index Hashing (CVPR 2012).
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from django.db.models import Q
from PIL import Image

from gis_app.distortions.models import Photo, PhotoLikeness, PhotoLook

SIDE = 256  # pixels to which a picture is made square
COARSE, FINE = 8, 16  # waves along each side
MIDDLE = (0.1, 0.9)
CROPS = (0, 0.025, 0.05, 0.075, 0.1)  # shares that may be missing at each end of a side
MOST_COARSE_BITS, MOST_FINE_BITS = 3, 24  # that may differ; chosen on drawn and real pictures
# Taken from the same place before and after, two photos of one case differ by little more than this.
MOST_FINE_BITS_IN_A_CASE = 12
PLAIN = 2.0  # grey levels: a picture that varies less looks like every other plain one

# With at most three of 63 bits wrong, at least one of four bands of 16 is right: an index finds it.
BANDS = (48, 32, 16, 0)
FIND = "SELECT photo_id, fine FROM distortions_photolook WHERE " + " OR ".join(
    f"coarse >> {band} & 65535 = ANY (%(band_{band})s)" for band in BANDS
)


class Look(NamedTuple):
    """What is kept of a picture, and what it is asked for with: bits by bytes, one row a guess."""

    coarse: int
    fine: bytes
    guesses: np.ndarray  # (n, 32) bytes: 255 bits each
    coarse_guesses: list[int]


def look_of(thumb: bytes) -> Look | None:
    """Return how the picture *thumb* looks; None when it is too plain to tell it from others."""
    with Image.open(BytesIO(thumb)) as image:
        square = image.convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    grey = np.asarray(square, dtype=np.float32)
    if grey.std() < PLAIN:
        return None
    middles = [_middle_after(*cuts) for cuts in product(CROPS, repeat=2)]
    waves = np.concatenate([_waves(*middle) for middle in middles])
    found = (waves @ grey @ waves.T).reshape(len(middles), FINE, len(middles), FINE)
    guesses = np.unique(
        np.concatenate([*map(_packed, _turned(found.transpose(0, 2, 1, 3)))]), axis=0
    )
    kept = _packed(found[0, :, 0, :][None])
    return Look(_coarse(kept)[0], kept[0].tobytes(), guesses, sorted(set(_coarse(guesses))))


def remember(photo: Photo, look: Look | None) -> bool:
    """Keep how *photo* looks, and which earlier ones look the same; return whether any does."""
    apart = dict.fromkeys(_same_bytes(photo), 0)
    if look:
        apart = alike(look) | apart
        PhotoLook.objects.create(photo=photo, coarse=look.coarse, fine=look.fine)
    found = Photo.objects.filter(pk__in=apart, erased_at=None).exclude(_taken_with(photo))
    pairs = [
        PhotoLikeness(photo=photo, other=other)
        for other in found.filter(pk__lt=photo.pk)
        if other.distortion_id != photo.distortion_id or apart[other.pk] <= MOST_FINE_BITS_IN_A_CASE
    ]
    return bool(PhotoLikeness.objects.bulk_create(pairs, ignore_conflicts=True))


def forget(photos: Iterable[Photo]) -> None:
    """Forget how *photos* look, and what looks like them."""
    PhotoLook.objects.filter(photo__in=photos).delete()
    PhotoLikeness.objects.filter(Q(photo__in=photos) | Q(other__in=photos)).delete()


def alike(look: Look) -> dict[int, int]:
    """Return the keys of the photos that look like *look*, each with the fine bits that differ."""
    guesses = look.guesses.view(np.uint64)  # four words each; the first holds the coarse bits
    with connection.cursor() as cursor:
        cursor.execute(FIND, asked_of(look))
        known = [(photo, np.frombuffer(fine, dtype=np.uint64)) for photo, fine in cursor]
    apart = ((photo, _bits_apart(guesses, words)) for photo, words in known)
    return {photo: bits for photo, bits in apart if bits <= MOST_FINE_BITS}


def asked_of(look: Look) -> dict[str, Any]:
    """Return the parameters of FIND: neighbouring guesses share most of their bands."""
    return {
        f"band_{band}": sorted({one >> band & 65535 for one in look.coarse_guesses})
        for band in BANDS
    }


def _bits_apart(guesses: np.ndarray, known: np.ndarray) -> int:
    """Return in how many bits *known* differs from the nearest guess that is coarsely the same."""
    is_near = np.bitwise_count(guesses[:, 0] ^ known[0]) <= MOST_COARSE_BITS
    different = np.bitwise_count(guesses[is_near] ^ known).sum(axis=1)
    return int(different.min(initial=FINE * FINE))


def _same_bytes(photo: Photo) -> Iterator[int]:
    return Photo.objects.filter(sha256=photo.sha256).values_list("pk", flat=True).iterator()


def _taken_with(photo: Photo) -> Q:
    """Photos that came together with *photo*: several of one thing look alike, and may."""
    if photo.report_id:
        return Q(report=photo.report_id)
    return Q(distortion=photo.distortion_id, report=None, step=photo.step_id, kind=photo.kind)


def _middle_after(before: float, after: float) -> tuple[float, float]:
    """Return where the middle lies along a side of which these shares were cut away."""
    rest = 1 - before - after
    first, last = MIDDLE
    return (first - before) / rest, (last - before) / rest


def _waves(first: float, last: float) -> np.ndarray:
    """Return FINE cosines over the share *first* … *last* of a side, as (FINE, SIDE)."""
    pixel = (np.arange(SIDE) + 0.5) / SIDE
    inside = np.clip(np.minimum(pixel - first, last - pixel) * SIDE + 0.5, 0, 1)
    along = np.clip((pixel - first) / (last - first), 0, 1)
    return (np.cos(np.pi * np.arange(FINE)[:, None] * along) * inside).astype(np.float32)


def _turned(waves: np.ndarray) -> Iterator[np.ndarray]:
    """Yield *waves* as the picture turned and mirrored has them: odd waves change their sign."""
    as_it_is = np.ones(FINE, dtype=np.float32)
    mirrored = np.where(np.arange(FINE) % 2, -1, 1).astype(np.float32)
    for turned in (waves, waves.swapaxes(-1, -2)):
        for down, across in product((as_it_is, mirrored), repeat=2):
            yield turned * down[:, None] * across


def _packed(waves: np.ndarray) -> np.ndarray:
    """Return the signs of *waves* as (n, 32) bytes: first those of the coarsest waves."""
    signs = waves.reshape(-1, FINE, FINE) > 0
    signs[:, 0, 0] = False  # how bright the whole is
    coarse = signs[:, :COARSE, :COARSE].reshape(len(signs), -1)
    rest = [signs[:, :COARSE, COARSE:], signs[:, COARSE:, :]]
    fine = [part.reshape(len(signs), -1) for part in rest]
    return np.packbits(np.concatenate([coarse, *fine], axis=1), axis=1)


def _coarse(packed: np.ndarray) -> list[int]:
    """Return the first 63 bits of each row as a number: never negative."""
    return np.ascontiguousarray(packed[:, :8]).view(">i8")[:, 0].tolist()
