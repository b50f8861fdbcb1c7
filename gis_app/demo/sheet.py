"""A sheet to draw demo pictures on, and the places that stand on it."""

import io
import math
from collections.abc import Iterable
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 900
_SHEET = 800
_OVERSAMPLE = 2  # drawn larger and then reduced, so that edges are smooth

Points = Iterable[tuple[float, float]]

# Sky, far ridge, near ridge, wall and road, by the time of day.
_LIGHTS = (
    ("#D8E8EE", "#BDB39C", "#A9A08C", "#E6D9BF", "#6C6F72"),
    ("#EBDDCB", "#C2AC93", "#A8957F", "#E3CDAE", "#706C6A"),
    ("#CFE0E6", "#AFAE9E", "#969885", "#DDD6C6", "#66696C"),
)


class Sheet:
    """A sheet of 800 × 600 to draw on, whatever the size of the picture."""

    def __init__(self, chance: Random) -> None:
        self.scale = WIDTH * _OVERSAMPLE / _SHEET
        self.image = Image.new("RGB", (WIDTH * _OVERSAMPLE, HEIGHT * _OVERSAMPLE))
        self.pen = ImageDraw.Draw(self.image)
        self.sky, self.far, self.near, self.wall, self.road = chance.choice(_LIGHTS)

    def _scaled(self, points: Points) -> list[tuple[float, float]]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def area(self, points: Points, colour: str) -> None:
        self.pen.polygon(self._scaled(points), fill=colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        self.area([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def line(self, points: Points, colour: str, width: float) -> None:
        scaled = self._scaled(points)
        self.pen.line(scaled, fill=colour, width=round(width * self.scale), joint="curve")
        for x, y in scaled:  # round ends
            reach = width * self.scale / 2
            self.pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str, *, flat: float = 1) -> None:
        """Draw a disc, or an ellipse *flat* times as high as wide."""
        (left, top), (right, bottom) = self._scaled(
            [(x - radius, y - radius * flat), (x + radius, y + radius * flat)]
        )
        self.pen.ellipse((left, top, right, bottom), fill=colour)

    def glow(self, points: Points, colour: str, opacity: float) -> None:
        """Lay a thin veil of *colour* over an area."""
        veil = Image.new("L", self.image.size)
        ImageDraw.Draw(veil).polygon(self._scaled(points), fill=round(255 * opacity))
        self.image.paste(colour, mask=veil)

    def jpeg(self) -> bytes:
        file = io.BytesIO()
        self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(file, "JPEG", quality=88)
        return file.getvalue()


# Places


def hills(sheet: Sheet, chance: Random) -> None:
    sheet.box(0, 0, 800, 600, sheet.sky)
    for colour, top, reach in ((sheet.far, 190, 60), (sheet.near, 255, 35)):
        ridge = [(x * 80, top + chance.uniform(-reach, reach)) for x in range(11)]
        sheet.area([(0, 400), *ridge, (800, 400)], colour)


def tree(sheet: Sheet, x: float, foot: float, height: float) -> None:
    """Draw a cypress, as stand along the walls."""
    sheet.line([(x, foot), (x, foot - height / 3)], "#6B5B45", 7)
    side = [
        (x + height / 7 * math.sin(math.pi * t / 8), foot - 20 - height * t / 8) for t in range(9)
    ]
    sheet.area(side + [(2 * x - px, py) for px, py in reversed(side)], "#5F7757")


def street_with_wall(sheet: Sheet, chance: Random) -> None:
    hills(sheet, chance)
    for x in (chance.uniform(40, 160), chance.uniform(640, 760)):
        tree(sheet, x, 330, chance.uniform(100, 150))
    sheet.box(0, 280, 800, 450, sheet.wall)
    sheet.box(0, 272, 800, 286, "#C8B796")
    for y in (340, 395):
        sheet.line([(0, y), (800, y)], "#CDBD9E", 2)
    for row, y in enumerate((286, 340, 395)):
        for x in range(60 + 70 * (row % 2), 800, 140):
            sheet.line([(x, y), (x, y + 54)], "#CDBD9E", 2)
    sheet.box(0, 450, 800, 500, "#B9B2A6")
    for x in range(30, 800, 90):
        sheet.line([(x, 450), (x - 14, 492)], "#A39C8F", 2)
    sheet.box(0, 492, 800, 504, "#8F897E")
    sheet.box(0, 504, 800, 600, sheet.road)


def open_road(sheet: Sheet, chance: Random) -> None:
    hills(sheet, chance)
    sheet.box(0, 285, 800, 330, sheet.wall)
    for x in (chance.uniform(60, 220), chance.uniform(560, 740)):
        tree(sheet, x, 320, chance.uniform(80, 120))
    sheet.area([(0, 600), (0, 380), (300, 318), (500, 318), (800, 380), (800, 600)], sheet.road)
    sheet.area([(0, 380), (300, 318), (0, 330)], "#B9B2A6")
    sheet.area([(800, 380), (500, 318), (800, 330)], "#B9B2A6")
    for top, bottom, wide in ((335, 360, 5), (385, 430, 9), (470, 560, 16)):
        sheet.area(
            [
                (400 - wide / 2, top),
                (400 + wide / 2, top),
                (400 + wide, bottom),
                (400 - wide, bottom),
            ],
            "#E9E5DB",
        )


def garden(sheet: Sheet, chance: Random) -> None:
    hills(sheet, chance)
    sheet.box(0, 300, 800, 340, sheet.wall)
    for x in range(60, 800, 120):
        tree(sheet, x + chance.uniform(-25, 25), 345, chance.uniform(90, 140))
