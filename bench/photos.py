"""Finding a photo that was used before among 100,000: how surely, how wrongly, and how fast."""

import json
import random
from collections.abc import Callable
from io import BytesIO
from statistics import median
from time import perf_counter

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image, ImageDraw
from tqdm import tqdm

from gis_app.demo.pictures import SCENES, draw
from gis_app.distortions import likeness
from gis_app.distortions.likeness import Look
from gis_app.distortions.models import Distortion, Photo, PhotoLook
from gis_app.distortions.photos import in_sizes

KEPT, DRAWN, TRIED, ASKED = 100_000, 1_000, 40, 9
SIZE = (1200, 900)
CHANGED = 0.2  # share of the bits in which half of the made-up looks differ from real ones
Turn = Image.Transpose


# --- pictures


def invented(seed: int) -> Image.Image:
    """Draw a picture like no other: a sky, a ground, and some dozens of random shapes."""
    dice = random.Random(seed)

    def colour() -> tuple[int, ...]:
        return tuple(dice.randrange(256) for _ in range(3))

    image = Image.new("RGB", SIZE, colour())
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, dice.randrange(200, 700), *SIZE), fill=colour())
    for _ in range(dice.randrange(20, 60)):
        x, y = dice.randrange(-100, SIZE[0]), dice.randrange(-100, SIZE[1])
        box = (x, y, x + dice.randrange(20, 500), y + dice.randrange(20, 400))
        dice.choice((pen.ellipse, pen.rectangle))(box, fill=colour())
    return image


def scene(seed: int) -> Image.Image:
    """Draw a scene of the demo city: all of one kind have the same wall, road and hills."""
    kinds = list(SCENES)
    data = draw(kinds[seed % len(kinds)], seed=seed, treated=bool(seed // len(kinds) % 2))
    return Image.open(BytesIO(data)).convert("RGB")


def cropped(image: Image.Image, left: float, top: float, right: float, bottom: float):
    wide, high = image.size
    return image.crop((left * wide, top * high, wide - right * wide, high - bottom * high))


def tilted(image: Image.Image, degrees: float) -> Image.Image:
    return cropped(image.rotate(degrees, Image.Resampling.BICUBIC), 0.05, 0.05, 0.05, 0.05)


def compressed(image: Image.Image, quality: int = 50) -> Image.Image:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


def smaller(image: Image.Image, share: float = 0.4) -> Image.Image:
    return image.resize((round(image.width * share), round(image.height * share)))


def all_at_once(image: Image.Image, *crop: float, turn=Turn.ROTATE_90) -> Image.Image:
    return compressed(smaller(cropped(image.transpose(turn), *crop)))


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "JPEG quality 50": compressed,
    "resized to 40 %": smaller,
    "turned by 90°": lambda image: image.transpose(Turn.ROTATE_90),
    "turned by 180°": lambda image: image.transpose(Turn.ROTATE_180),
    "mirrored": lambda image: image.transpose(Turn.FLIP_LEFT_RIGHT),
    "10 % cropped at one side": lambda image: cropped(image, 0.1, 0, 0, 0),
    "10 % cropped all round": lambda image: cropped(image, 0.1, 0.1, 0.1, 0.1),
    "cropped 3, 7, 1, 9 %": lambda image: cropped(image, 0.03, 0.07, 0.01, 0.09),
    "90°, 40 %, quality 50, 10 % cropped": lambda image: all_at_once(image, 0, 0.1, 0, 0),
    "270°, 40 %, quality 50, cropped 2, 6, 8, 3 %": lambda image: all_at_once(
        image, 0.02, 0.06, 0.08, 0.03, turn=Turn.ROTATE_270
    ),
    "30 % brighter": lambda image: image.point(lambda grey: min(255, grey * 1.3)),
    "tilted by 3°": lambda image: tilted(image, 3),
}


# --- figures


def look(image: Image.Image) -> Look:
    found = likeness.look_of(in_sizes(image).thumb)
    assert found
    return found


def main() -> None:
    """Print recall by change, false positives, and the database's time; keep nothing."""
    with transaction.atomic():
        for name, make in (("invented pictures", invented), ("scenes of the demo", scene)):
            print(f"\n{name}: {DRAWN:,} kept, {KEPT:,} looks in all")
            Photo.objects.all().delete()
            looks = [look(make(seed)) for seed in tqdm(range(DRAWN), desc="draws", leave=False)]
            keys = keep(looks)
            tell_false_positives(looks, keys)
            tell_recall(make, keys)
            tell_time([look(all_at_once(make(seed), 0, 0.1, 0, 0)) for seed in range(ASKED)])
        transaction.set_rollback(True)


def keep(looks: list[Look]) -> list[int]:
    """Fill the table: *looks*, and made-up ones that are half of them random, half like these."""
    rng = np.random.default_rng(7)
    real = np.array([np.frombuffer(one.fine, np.uint8) for one in looks])
    made = rng.integers(0, 256, (KEPT - len(looks), 32), dtype=np.uint8)
    half = len(made) // 2
    flips = np.packbits(rng.random((half, 256)) < CHANGED, axis=1)
    made[:half] = real[rng.integers(0, len(real), half)] ^ flips
    made[:, 0] &= 127
    rows = np.concatenate([real, made])
    subject = Distortion.objects.latest("pk")
    facts = {"distortion": subject, "origin": subject, "added_at": timezone.now()}
    photos = Photo.objects.bulk_create(
        [Photo(sha256=f"{n:064x}", width=1, height=1, **facts) for n in range(KEPT)], 5_000
    )
    PhotoLook.objects.bulk_create(
        [
            PhotoLook(photo=photo, coarse=int.from_bytes(row[:8].tobytes()), fine=row.tobytes())
            for photo, row in zip(photos, rows, strict=True)
        ],
        5_000,
    )
    connection.cursor().execute("ANALYZE distortions_photolook")
    return [photo.pk for photo in photos[: len(looks)]]


def tell_false_positives(looks: list[Look], keys: list[int]) -> None:
    """Ask for each kept picture: whatever else is found is wrong."""
    wrong = [
        set(likeness.alike(one)) - {key} for one, key in tqdm(list(zip(looks, keys, strict=True)))
    ]
    pictures, pairs = sum(map(bool, wrong)), sum(map(len, wrong))
    share = pictures / len(looks)
    margin = 3 / len(looks) if not pictures else 1.96 * (share * (1 - share) / len(looks)) ** 0.5
    print(f"  false positives: {pictures} of {len(looks):,} pictures ({share:.2%} ± {margin:.2%}),")
    print(f"    {pairs} of {len(looks) * (KEPT - 1):,} pairs")


def tell_recall(make: Callable[[int], Image.Image], keys: list[int]) -> None:
    for name, change in CHANGES.items():
        found = [keys[seed] in likeness.alike(look(change(make(seed)))) for seed in range(TRIED)]
        print(f"  found {sum(found):3d} of {TRIED}: {name}")


def tell_time(asked: list[Look]) -> None:
    """Print the database's own time, and how long it takes to see what a picture looks like."""
    times = []
    for one in asked:
        with connection.cursor() as cursor:
            explain = f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) {likeness.FIND}"
            cursor.execute(explain, likeness.asked_of(one))
            (plan,) = cursor.fetchone()
        plan = plan if isinstance(plan, list) else json.loads(plan)
        times.append(plan[0]["Execution Time"] + plan[0]["Planning Time"])
    guesses = median(len(one.coarse_guesses) for one in asked)
    print(
        f"  database: {median(times):.1f} ms ({min(times):.1f}–{max(times):.1f}), {guesses:,} guesses"
    )
    sizes = in_sizes(invented(1))
    start = perf_counter()
    likeness.look_of(sizes.thumb)
    print(f"  to see what a picture looks like: {1000 * (perf_counter() - start):.0f} ms")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('distortions_photolook') / 1048576")
        print(f"  table and indexes: {cursor.fetchone()[0]} MB")
