"""Periods as pages offer them: the last quarters, Gregorian with the Hijri days beside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from gis_app.progress.series import quarter_of

QUARTERS = 6
MONTHS_A_QUARTER = 3


@dataclass(frozen=True)
class Quarter:
    first: date
    last: date

    @property
    def number(self) -> int:
        return (self.first.month - 1) // MONTHS_A_QUARTER + 1

    def is_asked(self, params: Mapping[str, str]) -> bool:
        return (params.get("from"), params.get("to")) == (str(self.first), str(self.last))


def quarters(today: date) -> list[Quarter]:
    """Return the quarter of *today*, so far, and those before it, the latest first."""
    found = []
    last = today
    for _n in range(QUARTERS):
        first = quarter_of(last)
        found.append(Quarter(first, last))
        last = first - timedelta(days=1)
    return found
