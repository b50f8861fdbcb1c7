"""What the rows of a chunk tell of the city, and which of them cannot be."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gis_app.distortions import checks
from gis_app.distortions.models import Report
from gis_app.errors import Refused
from gis_app.imports import places
from gis_app.imports.city import IGNORED, UNKNOWN, City, folded
from gis_app.imports.lives import WITH_TEAM, Road, roads, status_by
from gis_app.imports.mapping import CLOSED, IGNORE, MOMENTS, Mapping
from gis_app.imports.moments import read_moments
from gis_app.imports.reasons import KNOWN, LEFT_OUT, Reason, Sieve
from gis_app.imports.tables import Chunk
from gis_app.language import clean_text, latin_digits
from gis_app.treatment.actions import LIMITS
from gis_app.treatment.lives import NOBODY

THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


@dataclass
class Told:
    """What rows of a file tell, one column each."""

    numbers: list[str]  # in the other system
    element: np.ndarray  # index into the city's elements
    shapes: np.ndarray
    status: np.ndarray
    team: np.ndarray
    description: list[str]
    place_note: list[str]
    reported_quantity: np.ndarray
    treated_quantity: np.ndarray
    reason: list[str]
    body: list[str]
    contacts: list[dict[str, str]]
    roads: list[Road]

    def only(self, good: np.ndarray) -> "Told":
        """Those rows that are *good*, counted anew."""
        rows, place = np.flatnonzero(good), np.cumsum(good) - 1
        kept: dict[str, Any] = {
            name: column[rows] if isinstance(column, np.ndarray) else [column[row] for row in rows]
            for name, column in vars(self).items()
            if name != "roads"
        }
        roads = [road.of(good) for road in self.roads]
        return Told(
            **kept,
            roads=[Road(place[road.rows], road.moves, road.at) for road in roads if len(road.rows)],
        )


class Reader:
    """Reads chunks of a file by *mapping*; *system* is the file's own, *now* in seconds."""

    def __init__(self, mapping: Mapping, city: City, *, system: str, crowded: set[str], now: float):
        self.mapping = mapping
        self.city = city
        self.system = system
        self.crowded = crowded
        self.now = now

    def read(self, chunk: Chunk, sieve: Sieve, *, twice: set[int]) -> Told:
        """Return what *chunk* tells; the *sieve* learns which rows cannot be, and why.

        The rows numbered *twice* bear an earlier row's number.
        """
        mapping = self.mapping
        sieve.settle(chunk.torn, Reason.TORN)
        kinds = chunk.column(mapping.element.column)
        element = self.city.elements_of(kinds)
        sieve.settle(element == IGNORED, LEFT_OUT)
        numbers = self._numbers(chunk, twice, sieve)
        sieve.settle(element == UNKNOWN, Reason.ELEMENT, kinds)
        status, ways = self._lives(chunk, sieve)
        shapes = self._shapes(chunk, element, sieve)
        team = self.city.teams_of(chunk.column(mapping.team.column))
        teamless = np.isin(status, WITH_TEAM) & (team == NOBODY)
        sieve.settle(teamless, Reason.TEAM, chunk.column(mapping.team.column))
        text = mapping.text
        return Told(
            numbers=numbers,
            element=element,
            shapes=shapes,
            status=status,
            roads=ways,
            team=team,
            description=_each(
                _joined(chunk, text.description, "\n"), checks.description, Reason.TEXT, sieve
            ),
            place_note=_each(
                _joined(chunk, text.place_note, ", "), checks.place_note, Reason.TEXT, sieve
            ),
            reported_quantity=_quantities(chunk.column(text.quantity), sieve),
            treated_quantity=_quantities(chunk.column(text.treated_quantity), sieve),
            reason=self._words(chunk, mapping.status.reason, "reason", sieve),
            body=self._words(chunk, mapping.status.body, "body", sieve),
            contacts=self._contacts(chunk, sieve),
        )

    def _numbers(self, chunk: Chunk, twice: set[int], sieve: Sieve) -> list[str]:
        """Return the numbers of the other system; what bears a known one has landed before."""
        numbers = external_numbers(chunk, self.mapping)
        sieve.settle(np.array([not number for number in numbers]), Reason.NO_ID)
        rows = np.arange(chunk.first, chunk.first + len(chunk))
        sieve.settle(np.isin(rows, list(twice)), Reason.TWICE, numbers)
        landed = set(
            Report.objects.filter(
                source=self.mapping.source.way,
                external_number__in=[number for number in numbers if number],
            ).values_list("external_number", flat=True)
        )
        sieve.settle(np.array([number in landed for number in numbers]), KNOWN)
        return numbers

    def _lives(self, chunk: Chunk, sieve: Sieve) -> tuple[np.ndarray, list[Road]]:
        moments = {name: np.full(len(chunk), np.nan) for name in MOMENTS}
        for name, column in self.mapping.moments.items():
            texts = chunk.column(column.column)
            moments[name], unreadable = read_moments(texts, column)
            sieve.settle(unreadable, Reason.MOMENT, [f"{column.column}: {text}" for text in texts])
        about = self.mapping.status
        if about.column:
            words = chunk.column(about.column)
            known = {folded(word): meant for word, meant in about.values.items()}
            known |= {folded(word): IGNORE for word in about.ignore}
            status = np.array([known.get(folded(word), "") for word in words], dtype=object)
            sieve.settle(status == IGNORE, LEFT_OUT)
            sieve.settle(status == "", Reason.STATUS, words)
            status[status == CLOSED] = about.closed
        else:
            status = status_by(moments, closed=about.closed)
        return status, roads(status, moments, sieve, now=self.now)

    def _shapes(self, chunk: Chunk, element: np.ndarray, sieve: Sieve) -> np.ndarray:
        about = self.mapping.place
        found = places.read_places(chunk, about, system=self.system, sieve=sieve)
        if self.crowded:
            keys = places.place_keys(chunk, about)
            sieve.settle(np.array([key in self.crowded for key in keys]), Reason.CROWDED, keys)
        places.fit(found, [self.city.kinds[number] for number in element], sieve)
        return found

    def _words(self, chunk: Chunk, column: str, name: str, sieve: Sieve) -> list[str]:
        """Return the texts of a *column*; where they are empty, what the file calls the status."""
        status = chunk.column(self.mapping.status.column)
        told = [text or word for text, word in zip(chunk.column(column), status, strict=True)]

        def clean(text: str) -> str:
            return clean_text(text, field=name, limit=LIMITS[name])

        return _each(told, clean, Reason.TEXT, sieve)

    def _contacts(self, chunk: Chunk, sieve: Sieve) -> list[dict[str, str]]:
        about = self.mapping.contact
        names = [name for name in ("name", "phone", "email") if getattr(about, name)]
        columns = [chunk.column(getattr(about, name)) for name in names]
        if not columns:
            return [{}] * len(chunk)
        given = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        return _each(given, checks.contact, Reason.CONTACT, sieve)


def external_numbers(chunk: Chunk, mapping: Mapping) -> list[str]:
    """Return the number of each row in the other system as it is kept; "" where it cannot be."""
    prefix = mapping.source.id_prefix

    def number(text: str) -> str:
        try:
            return checks.external_number(prefix + latin_digits(text)) if text else ""
        except Refused:
            return ""

    return [number(text) for text in chunk.column(mapping.source.id)]


def _joined(chunk: Chunk, names: Sequence[str], between: str) -> list[str]:
    columns = [chunk.column(name) for name in names]
    if not columns:
        return [""] * len(chunk)
    return [between.join(filter(None, texts)) for texts in zip(*columns, strict=True)]


def _quantities(texts: list[str], sieve: Sieve) -> np.ndarray:
    """Return quantities such as 1,234.5 or ١٢٫٥; NaN where none is told."""

    def quantity(text: str) -> float:
        if not text:
            return np.nan
        number = _number(latin_digits(text).replace("٫", ".").replace("٬", ","))
        checks.number(number, field="quantity", most=checks.MOST_QUANTITY)
        return number

    found = _each(texts, quantity, Reason.QUANTITY, sieve)
    return np.array([one if isinstance(one, float) else np.nan for one in found])


def _number(text: str) -> float:
    """Return 1,234.5 and 12,5 alike: commas between threes are thousands, else one is a decimal's."""
    plain = text.replace(",", "") if THOUSANDS.fullmatch(text) else text.replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        return np.nan


def _each(given: Sequence, clean: Callable, reason: Reason, sieve: Sieve) -> list:
    """Return what *clean* makes of each; what it refuses is left as it was, and its row refused."""
    found = list(given)
    for row in np.flatnonzero(sieve.good).tolist():
        try:
            found[row] = clean(given[row])
        except Refused as refusal:
            sieve.refuse(row, reason, refusal)
    return found
