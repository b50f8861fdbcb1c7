"""What happened in a period: how often, how much, how quickly, and for how much money."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from gis_app.catalogue.models import Element
from gis_app.distortions.events import EVENTS
from gis_app.progress.measures import HOURS, THOUSANDTHS, WITHIN, percentile
from gis_app.progress.rates import wilson
from gis_app.progress.state import Row

OF_EVENTS = ("treat", "verify", "costed", "cost")
MEDIAN, P90 = 0.5, 0.9


def _by_unit() -> dict[str, Counter]:
    return {unit: Counter() for unit in Element.Unit.values}


@dataclass
class Happened:
    """Events are counted by steps: what was treated twice counts twice."""

    counts: Counter = field(default_factory=Counter)
    amounts: dict[str, Counter] = field(default_factory=_by_unit)
    hours: list[int] = field(default_factory=lambda: [0] * len(HOURS))

    def add(self, row: Row, *, sign: int) -> None:
        """Count *row* in, the totals at a period's end; or out, those before its first day."""
        for event in EVENTS:
            self.counts[event] += sign * row.counts[event]
        for name in OF_EVENTS:
            self.amounts[row.unit][name] += sign * row.amounts[name]
        self.hours = [
            mine + sign * theirs for mine, theirs in zip(self.hours, row.hours, strict=True)
        ]

    @property
    def on_time_rate(self) -> float | None:
        """Share of the treatments with a promise that kept it, 0-1; None when there were none."""
        promised = self.counts["promised"]
        return self.counts["on_time"] / promised if promised else None

    @property
    def on_time_interval(self) -> tuple[float, float] | None:
        promised = self.counts["promised"]
        return wilson(self.counts["on_time"], promised) if promised else None

    @property
    def median_hours(self) -> float | None:
        """Half of the treatments came sooner after the first report; at most WITHIN off."""
        return percentile(self.hours, MEDIAN)

    @property
    def p90_hours(self) -> float | None:
        """Nine in ten of the treatments came sooner after the first report; at most WITHIN off."""
        return percentile(self.hours, P90)

    @property
    def costs(self) -> dict[str, dict[str, float | None]]:
        """By unit: riyals, the quantity that they paid for, and riyals for one."""
        told = {}
        for unit, amounts in self.amounts.items():
            riyals, quantity = amounts["cost"] / THOUSANDTHS, amounts["costed"] / THOUSANDTHS
            each = round(riyals / quantity, 2) if quantity else None
            told[unit] = {"cost": riyals, "quantity": quantity, "cost_per_unit": each}
        return told

    def published(self) -> dict[str, Any]:
        return {
            "events": {event: self.counts[event] for event in EVENTS},
            "on_time_rate": self.on_time_rate,
            "on_time_interval": self.on_time_interval,
            "hours": {
                "median": _rounded(self.median_hours),
                "p90": _rounded(self.p90_hours),
                "from": "histogram",
                "within": round(WITHIN, 2),
            },
            "quantities": {
                unit: {
                    "treated": amounts["treat"] / THOUSANDTHS,
                    "verified": amounts["verify"] / THOUSANDTHS,
                }
                for unit, amounts in self.amounts.items()
            },
            "costs": self.costs,
        }


def _rounded(hours: float | None) -> float | None:
    return None if hours is None else round(hours, 1)
