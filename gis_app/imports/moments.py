"""Moments as other systems write them: any format and zone, Arabic-Indic digits, Hijri days."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import numpy as np
from hijridate import Hijri

from gis_app.catalogue.clock import FIRST_DAY
from gis_app.imports.mapping import HIJRI, MomentColumn
from gis_app.language import latin_digits

# 1448/01/16, with the time behind it or without
HIJRI_DAY = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:[ T](\d{2}:\d{2}(?::\d{2})?))?")
HALVES = {"ص": "AM", "م": "PM"}
EARLIEST = datetime.combine(FIRST_DAY, time(), UTC) + timedelta(days=1)  # calendars begin there


def read_moments(texts: Sequence[str], column: MomentColumn) -> tuple[np.ndarray, np.ndarray]:
    """Return whole seconds since 1970, NaN where nothing is told; and which are unreadable."""
    seconds = np.full(len(texts), np.nan)
    unreadable = np.zeros(len(texts), dtype=bool)
    for row, text in enumerate(texts):
        if text:
            moment = _moment(latin_digits(text), column)
            if moment is None or moment < EARLIEST:
                unreadable[row] = True
            else:
                seconds[row] = moment.timestamp() // 1
    return seconds, unreadable


def _moment(text: str, column: MomentColumn) -> datetime | None:
    """Return *text* by the first format that fits; ISO 8601 is always understood."""
    for form in column.formats:
        try:
            found = _hijri(text) if form == HIJRI else _strptime(text, form)
        except (ValueError, OverflowError):
            continue
        return _located(found, column)
    try:
        return _located(datetime.fromisoformat(text), column)
    except ValueError:
        return None


def _strptime(text: str, form: str) -> datetime:
    if "%p" in form:
        text = "".join(HALVES.get(letter, letter) for letter in text)
    return datetime.strptime(text, form)


def _hijri(text: str) -> datetime:
    """Return a day of the Umm al-Qura calendar."""
    fits = HIJRI_DAY.fullmatch(text)
    if fits is None:
        raise ValueError
    year, month, day = map(int, fits.group(1, 2, 3))
    return datetime.combine(
        Hijri(year, month, day).to_gregorian(), time.fromisoformat(fits[4] or "00:00")
    )


def _located(moment: datetime, column: MomentColumn) -> datetime | None:
    """Return *moment* in UTC; None beyond the years that a calendar has."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=column.zone)).astimezone(UTC)
    except OverflowError:
        return None
