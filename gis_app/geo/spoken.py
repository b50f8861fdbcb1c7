"""Places as people write them: coordinates typed, pasted, or hidden in a map's link."""

import re
from urllib.parse import unquote_plus

from django.contrib.gis.geos import Point, Polygon
from django.utils.translation import gettext_lazy as _

from gis_app.errors import Refused
from gis_app.geo import crs
from gis_app.language import latin_digits

LONGEST = 2000  # characters; links of maps are long

_NUMBER = r"(?<![\d.])[-+]?\d{1,3}(?:\.\d+)?(?![\d])"
_PAIR = rf"({_NUMBER})\s*[,/ ]\s*({_NUMBER})"
# In links latitude comes first. The pin (!3d…!4d…) before the middle of the view (@…).
_IN_LINKS = (
    rf"!3d({_NUMBER})!4d({_NUMBER})",
    rf"[?&](?:q|query|ll|sll|daddr|destination|center|cp)=(?:loc:)?{_PAIR}",
    rf"[?&]mlat=({_NUMBER})&mlon=({_NUMBER})",
    rf"^geo:{_PAIR}",
    rf"#(?:map=)?[\d.]+/({_NUMBER})/({_NUMBER})",
    rf"/(?:place|search|dir/[^/]*)/{_PAIR}",
    rf"@{_PAIR}",
)
_LINK = re.compile(r"https?://|\bgoo\.gl/|^geo:", re.IGNORECASE)

# 21°16'12.7" (N), 21° 16.2', 21.27°, 21.27; minutes and seconds by any kind of mark.
_PART = re.compile(
    rf"(?P<degrees>{_NUMBER})"
    r"(?:\s*°\s*(?:(?P<minutes>\d{1,2}(?:\.\d+)?)\s*'\s*(?:(?P<seconds>\d{1,2}(?:\.\d+)?)\s*\")?)?)?"
)
_SIGNS = str.maketrans(
    {"٫": ".", "،": ",", "؛": ";", "−": "-", "º": "°", "˚": "°"}
    | dict.fromkeys("′’‘´`ʹ", "'")
    | dict.fromkeys("″”“ʺ", '"')
)
_SIDES = re.compile(
    r"(?<![a-z])([NSEW])(?:orth|outh|ast|est)?(?![a-z])|(شمال|جنوب|شرق|غرب)", re.IGNORECASE
)
_LETTERS = {"شمال": "N", "جنوب": "S", "شرق": "E", "غرب": "W"}
_DECIMAL_COMMAS = re.compile(r"([-+]?\d+),(\d+)(?:\s*;\s*|\s+)([-+]?\d+),(\d+)")


class NoPlace(Refused):
    reason = _(
        "No place could be read from this. Two numbers are enough, such as 21.2703, 40.4158."
    )


class ShortLink(Refused):
    reason = _("This short link does not tell its place. Open it, and copy the two numbers.")


def read_place(text: str, *, near: Polygon) -> Point:
    """Return the place that *text* names, in EPSG:4326; Refused when it names none.

    Which number is the latitude is told by N and E, by the kind of link, or else by *near*,
    the city: the order that falls into its box counts, and latitude first where neither does.
    """
    plain = latin_digits(text[:LONGEST]).translate(_SIGNS).strip()
    if _LINK.search(plain):
        return _from_link(unquote_plus(plain))
    by_commas = _DECIMAL_COMMAS.fullmatch(plain)
    if by_commas:
        plain = "{}.{} {}.{}".format(*by_commas.groups())
    found = list(_PART.finditer(plain.replace("''", '"')))
    if len(found) != 2:  # noqa: PLR2004 (a place has two numbers)
        raise NoPlace
    return _ordered([_degrees(part) for part in found], _sides(plain), near)


def _sides(text: str) -> str:
    """Return the sides of the world that *text* names, in their order, such as NE."""
    found = (letter.upper() or _LETTERS[word] for letter, word in _SIDES.findall(text))
    return "".join(found)


def _from_link(link: str) -> Point:
    for pattern in _IN_LINKS:
        found = re.search(pattern, link)
        if found:
            return _point(lat=float(found[1]), lon=float(found[2]))
    raise ShortLink


def _degrees(part: re.Match) -> float:
    whole = float(part["degrees"])
    rest = float(part["minutes"] or 0) / 60 + float(part["seconds"] or 0) / 3600
    return whole - rest if part["degrees"].startswith("-") else whole + rest


def _ordered(numbers: list[float], sides: str, near: Polygon) -> Point:
    first, second = numbers
    if re.fullmatch("[NS][EW]|[EW][NS]", sides):
        signed = [-abs(n) if side in "SW" else n for n, side in zip(numbers, sides, strict=True)]
        lat, lon = signed if sides[0] in "NS" else reversed(signed)
        return _point(lat=lat, lon=lon)
    west, south, east, north = near.extent
    is_lon_first = west <= first <= east and south <= second <= north
    return _point(lat=second, lon=first) if is_lon_first else _point(lat=first, lon=second)


def _point(*, lat: float, lon: float) -> Point:
    if not crs.in_world(lon, lat, lon, lat):
        raise NoPlace
    return crs.point(lon=round(lon, crs.COORDINATE_DIGITS), lat=round(lat, crs.COORDINATE_DIGITS))
