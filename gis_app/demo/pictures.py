"""Drawn pictures of distortions before and after treatment, for the demo city. No photographs.

A scene is drawn on a sheet of 800 × 600; the same seed gives the same place, and only what
was treated differs between its two pictures.
"""

import math
from collections.abc import Callable
from io import BytesIO
from random import Random

from PIL import Image

from gis_app.demo.sheet import Points, Sheet, garden, open_road, street_with_wall

_PAINTS = ("#A12C58", "#1F5FA8", "#3E3A5C", "#8A3B1E")
_CARS = ("#A9776A", "#8C9AA3", "#B5A88A")


def rough_patch(chance: Random, x: float, y: float, radius: float) -> list[tuple[float, float]]:
    angles = [math.tau * n / 14 for n in range(14)]
    reaches = [radius * chance.uniform(0.75, 1.15) for _ in angles]
    return [
        (x + r * math.cos(a), y + r * 0.42 * math.sin(a))
        for a, r in zip(angles, reaches, strict=True)
    ]


def pothole(sheet: Sheet, chance: Random, treated: bool) -> None:
    open_road(sheet, chance)
    x, y, radius = chance.uniform(250, 540), chance.uniform(460, 500), chance.uniform(95, 130)
    edge, hole = rough_patch(chance, x, y, radius), rough_patch(chance, x, y + 4, radius * 0.75)
    if treated:
        sheet.area([(x - radius, y - 45), (x + radius, y - 52), (x + radius + 25, y + 48),
                    (x - radius - 20, y + 52)], "#4A4D50")  # fmt: skip
        return
    sheet.area(edge, "#8B8378")
    sheet.area(hole, "#3E3A36")
    for _ in range(14):
        sheet.disc(x + chance.uniform(-1.4, 1.4) * radius, y + chance.uniform(-60, 70),
                   chance.uniform(3, 8), "#9A9186", flat=0.7)  # fmt: skip


def damaged_sidewalk(sheet: Sheet, chance: Random, treated: bool) -> None:
    street_with_wall(sheet, chance)
    sheet.box(0, 430, 800, 530, "#AEA698")  # shows in the joints
    sheet.box(0, 530, 800, 552, "#8F897E")
    start = chance.randrange(1, 4)
    for column in range(8):
        broken = start <= column < start + 4
        for row in range(2):
            left, top = column * 100, 430 + row * 50
            if not broken or treated:
                colour = "#D3CCBF" if broken else "#C4BDB0"
                sheet.box(left + 2, top + 2, left + 98, top + 48, colour)
                continue
            sheet.box(left, top, left + 100, top + 50, "#9C8F78")
            for _ in range(3):
                x, y, size = (
                    left + chance.uniform(0, 60),
                    top + chance.uniform(4, 30),
                    chance.uniform(20, 42),
                )
                shard = [(x, y), (x + size, y + chance.uniform(-6, 8)), (x + size * 0.8, y + 18),
                         (x + chance.uniform(2, 12), y + 14)]  # fmt: skip
                sheet.area(shard, chance.choice(("#B3AA9B", "#C4BDB0", "#A59A88")))


def street_light(sheet: Sheet, chance: Random, treated: bool) -> None:
    sheet.sky, sheet.far, sheet.near = "#4F6178", "#575B60", "#4A4E52"
    sheet.wall, sheet.road = "#D8CBB4", "#5B5E62"
    street_with_wall(sheet, chance)
    sheet.glow([(0, 270), (800, 270), (800, 600), (0, 600)], "#1E2A38", 0.6)  # night
    foot = chance.uniform(250, 480)
    if treated:
        for opacity, spread in ((0.14, 220), (0.16, 150)):
            lit = [(foot + 95, 80), (foot + 150, 80), (foot + 120 + spread, 600),
                   (foot + 120 - spread, 600)]  # fmt: skip
            sheet.glow(lit, "#FFE9A8", opacity)
    sheet.line([(foot, 500), (foot, 110), (foot + 22, 72), (foot + 70, 62)], "#272C31", 12)
    sheet.area([(foot + 66, 52), (foot + 160, 58), (foot + 166, 78), (foot + 70, 74)], "#1F2428")
    if treated:
        sheet.disc(foot + 122, 79, 32, "#FFF3C4", flat=0.35)
    else:
        sheet.line([(foot + 120, 76), (foot + 124, 120), (foot + 116, 150)], "#15181B", 3)
        sheet.disc(foot + 116, 156, 8, "#2E343A")


def construction_waste(sheet: Sheet, chance: Random, treated: bool) -> None:
    street_with_wall(sheet, chance)
    if treated:
        return
    middle = chance.uniform(300, 500)
    for colour, reach, top in (("#A79B8A", 230, 370), ("#BBAE9B", 150, 410)):
        heap = [(middle + reach * math.cos(math.pi * t / 12), 540 - (540 - top)
                 * math.sin(math.pi * t / 12) * chance.uniform(0.8, 1)) for t in range(13)]  # fmt: skip
        sheet.area(heap, colour)
    for _ in range(40):
        x, y, size = middle + chance.gauss(0, 90), chance.uniform(440, 540), chance.uniform(7, 20)
        colour = chance.choice(("#8F8577", "#C7BBA7", "#A3644E", "#D8D0C2"))
        sheet.area([(x, y), (x + size, y - size / 2), (x + size * 1.5, y + 3), (x + 5, y + size / 2)],
                   colour)  # fmt: skip


def abandoned_vehicle(sheet: Sheet, chance: Random, treated: bool) -> None:
    street_with_wall(sheet, chance)
    left, paint = chance.uniform(160, 330), chance.choice(_CARS)
    sheet.line([(left - 30, 580), (left + 380, 580)], "#E9E5DB", 4)
    if treated:
        return
    body = [(0, 70), (20, 38), (95, 30), (140, -18), (250, -18), (300, 30), (345, 40), (352, 78)]
    sheet.area([(left + x, 480 + y) for x, y in [*body, (0, 90)]], paint)
    sheet.area(
        [(left + x, 480 + y) for x, y in [(108, 28), (146, -8), (190, -8), (190, 28)]], "#4D565C"
    )
    sheet.area(
        [(left + x, 480 + y) for x, y in [(200, 28), (200, -8), (244, -8), (284, 28)]], "#5C666C"
    )
    sheet.line([(left + 150, 472), (left + 170, 500), (left + 160, 506)], "#D9E0E3", 2)
    for wheel in (80, 275):
        sheet.disc(left + wheel, 566, 34, "#2D3033", flat=0.75)
        sheet.disc(left + wheel, 566, 13, "#8E8F8F")
    for _ in range(16):
        sheet.disc(left + chance.uniform(20, 330), 480 + chance.uniform(42, 76),
                   chance.uniform(3, 12), "#8B5B45", flat=0.6)  # fmt: skip


def graffiti(sheet: Sheet, chance: Random, treated: bool) -> None:
    street_with_wall(sheet, chance)
    left = chance.uniform(120, 300)
    if treated:
        sheet.glow(
            [(left - 20, 288), (left + 380, 288), (left + 380, 448), (left - 20, 448)],
            "#FFFFFF",
            0.35,
        )
        return
    for scrawl in range(3):
        colour, x, y = chance.choice(_PAINTS), left + scrawl * 125, chance.uniform(345, 385)
        loops, tall = chance.uniform(5, 8), chance.uniform(28, 45)
        path = [
            (x + t * 4, y + tall * math.sin(loops * t / 6) * math.cos(t / 9)) for t in range(28)
        ]
        sheet.line(path, colour, 8)
    sheet.line([(left, 430), (left + 340, 420)], chance.choice(_PAINTS), 6)


def waste_container(sheet: Sheet, chance: Random, treated: bool) -> None:
    street_with_wall(sheet, chance)
    left = chance.uniform(220, 420)
    if not treated:
        for _ in range(12):
            sheet.disc(left + chance.uniform(20, 210), chance.uniform(352, 385),
                       chance.uniform(20, 32), chance.choice(("#3C4247", "#55606B", "#D9D3C6")))  # fmt: skip
    sheet.area([(left, 380), (left + 230, 380), (left + 212, 515), (left + 18, 515)], "#3F6F5C")
    for rib in range(1, 5):
        sheet.line([(left + 46 * rib, 390), (left + 46 * rib, 508)], "#356050", 4)
    for wheel in (40, 190):
        sheet.disc(left + wheel, 522, 12, "#2D3033")
    if treated:
        sheet.area(
            [(left - 8, 382), (left + 20, 356), (left + 210, 356), (left + 238, 382)], "#2F5A49"
        )
        return
    for _ in range(16):
        sheet.disc(left + chance.uniform(-110, 330), chance.uniform(500, 545), chance.uniform(12, 26),
                   chance.choice(("#3C4247", "#6E7780", "#C9C0AF", "#A9776A")), flat=0.8)  # fmt: skip


def guide_sign(sheet: Sheet, chance: Random, treated: bool) -> None:
    open_road(sheet, chance)
    foot = chance.choice((chance.uniform(40, 90), chance.uniform(530, 580)))
    lean = 0.0 if treated else chance.choice((-1, 1)) * chance.uniform(0.14, 0.24)

    def turned(points: Points) -> list[tuple[float, float]]:
        cos, sin = math.cos(lean), math.sin(lean)
        return [(foot + x * cos - y * sin, 470 + x * sin + y * cos) for x, y in points]

    sheet.line(turned([(0, 0), (0, -190)]), "#7D858B", 10)
    sheet.line(turned([(180, 0), (180, -190)]), "#7D858B", 10)
    sheet.area(turned([(-30, -320), (210, -320), (210, -185), (-30, -185)]), "#F4F1EA")
    board = "#1E6A50" if treated else "#6F8A7C"
    sheet.area(turned([(-24, -314), (204, -314), (204, -191), (-24, -191)]), board)
    for row, length in ((-285, 150), (-250, 190), (-215, 120)):
        sheet.line(
            turned([(190 - length, row), (190, row)]), "#F4F1EA" if treated else "#B9C4BC", 9
        )
    if not treated:
        sheet.area(turned([(-30, -185), (60, -185), (20, -240), (-30, -225)]), sheet.near)
        sheet.line(turned([(60, -314), (95, -260), (80, -230), (120, -191)]), "#4B5A52", 4)


def neglected_park(sheet: Sheet, chance: Random, treated: bool) -> None:
    garden(sheet, chance)
    sheet.box(0, 340, 800, 600, "#8FA873" if treated else "#BCA77C")
    sheet.area([(300, 600), (370, 345), (430, 345), (560, 600)], "#D9CDB6")
    bench = chance.uniform(80, 160)
    sheet.line([(bench, 470), (bench + (150 if treated else 90), 470)], "#7A5A3C", 14)
    sheet.line([(bench, 440), (bench + 150, 440 if treated else 468)], "#7A5A3C", 12)
    for leg in (14, 136):
        sheet.line([(bench + leg, 474), (bench + leg, 505)], "#4B4F52", 7)
    for _ in range(26):
        x, y = (
            chance.choice((chance.uniform(10, 290), chance.uniform(560, 790))),
            chance.uniform(390, 590),
        )
        if treated:
            sheet.disc(x, y, 7, "#7C9962", flat=0.6)
            sheet.disc(x, y - 5, 4, chance.choice(("#C65D86", "#E7C7D4", "#A12C58")))
        else:
            sheet.line([(x - 9, y - 20), (x, y), (x + 10, y - 24)], "#8E7B4F", 3)


SCENES: dict[str, Callable[[Sheet, Random, bool], None]] = {
    scene.__name__: scene
    for scene in (
        pothole, damaged_sidewalk, street_light, construction_waste, abandoned_vehicle,
        graffiti, waste_container, guide_sign, neglected_park,
    )
}  # fmt: skip


def draw(element: str, *, seed: int, treated: bool) -> bytes:
    """Return a JPEG of 1200 × 900 of *element*'s scene, before or after its treatment."""
    chance = Random(f"{element} {seed}")
    sheet = Sheet(chance)
    SCENES[element](sheet, chance, treated)
    return sheet.jpeg()


def cut_smaller(data: bytes) -> bytes:
    """Return the JPEG *data* as somebody sends it a second time: trimmed, smaller, compressed."""
    with Image.open(BytesIO(data)) as picture:
        wide, high = picture.size
        cut = picture.crop((round(0.06 * wide), 0, wide, round(0.94 * high)))
        cut.thumbnail((800, 800))
        out = BytesIO()
        cut.save(out, "JPEG", quality=60)
    return out.getvalue()
