"""What the planner's map can be coloured by: rates in fifths, counts in five round steps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis_app.progress.figures import DistrictFigures, Figures

PERCENT = 100
RATE_CLASSES = 5
ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)  # times a power of ten


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure of every district, in hundredths or as a count."""

    label: Promise
    said: Promise  # in the legend, under the label
    of: Callable[[Figures], float | None]
    is_rate: bool = False


MEASURES = {
    "verified": Measure(
        label=_("Verified treatment"),
        said=_("Of all that we accepted"),
        of=lambda figures: figures.verified_rate,
        is_rate=True,
    ),
    "treated": Measure(
        label=_("Treated in all, verified or not"),
        said=_("Of all that we accepted"),
        of=lambda figures: figures.treatment_rate,
        is_rate=True,
    ),
    "open": Measure(
        label=_("Open"), said=_("Number of distortions"), of=lambda figures: figures.open
    ),
    "late": Measure(
        label=_("Late"), said=_("Number of distortions"), of=lambda figures: figures.late
    ),
    "waiting": Measure(
        label=_("Awaiting triage"),
        said=_("Number of distortions"),
        of=lambda figures: figures.reported,
    ),
}


def class_of_rate(rate: float | None, *, total: int) -> str:
    """Return the colour class of a rate of 0-1: c1 to c5, c0 for too few of *total*, cx for none."""
    if rate is None:
        return "cx"
    if total < settings.RASD_FEW:
        return "c0"
    return f"c{min(int(rate * RATE_CLASSES) + 1, RATE_CLASSES)}"


@dataclass(frozen=True)
class Scale:
    """How a measure's values become colours; *step* is the width of a class."""

    measure: Measure
    step: float

    @classmethod
    def of(cls, measure: Measure, districts: Iterable[DistrictFigures]) -> "Scale":
        """Return the scale that shows all *districts*: a count's step is a round number."""
        if measure.is_rate:
            return cls(measure, 1 / RATE_CLASSES)
        most = max((measure.of(district) or 0 for district in districts), default=0)
        least = max(1, ceil(most / RATE_CLASSES))
        ten = 10 ** floor(log10(least))
        return cls(measure, next(ceil(ten * n) for n in ROUND if ten * n >= least))

    @property
    def classes(self) -> list[tuple[str, int, int]]:
        """Name each class with its bounds, in hundredths or as a count that it includes."""
        if self.measure.is_rate:
            width = PERCENT // RATE_CLASSES
            return [(f"c{n}", (n - 1) * width, n * width) for n in range(1, RATE_CLASSES + 1)]
        step = int(self.step)
        return [(f"w{n}", (n - 1) * step + 1, n * step) for n in range(1, RATE_CLASSES + 1)]

    def class_of(self, district: DistrictFigures) -> str:
        """Return the colour class of a district: that of its rate, or w0 to w5 for a count."""
        value = self.measure.of(district)
        if self.measure.is_rate:
            return class_of_rate(value, total=district.total)
        return f"w{min(ceil((value or 0) / self.step), RATE_CLASSES)}"

    def shown(self, district: DistrictFigures) -> int | None:
        """Return what the map writes on a district: hundredths or a count; None for no rate."""
        value = self.measure.of(district)
        if not self.measure.is_rate:
            return int(value or 0)
        if value is None or district.total < settings.RASD_FEW:
            return None
        return round(value * PERCENT)
