"""What happened in a period: how often, how much, how quickly, and for how much money."""

from dataclasses import dataclass, field
from typing import Any

from gis_app.catalogue.models import Element
from gis_app.distortions.events import EVENTS
from gis_app.progress.measures import THOUSANDTHS, WITHIN, percentile
from gis_app.progress.rates import share, wilson
from gis_app.progress.state import Totals

MEDIAN, P90 = 0.5, 0.9


@dataclass
class Happened:
    """Events are counted by steps: what was treated twice counts twice."""

    totals: Totals = field(default_factory=Totals)

    @property
    def counts(self) -> dict[str, int]:
        return {event: self.totals[event] for event in EVENTS}

    @property
    def on_time_rate(self) -> float | None:
        """Share of the treatments with a promise that kept it, 0-1; None when there were none."""
        return share(self.totals["on_time"], self.totals["promised"])

    @property
    def on_time_interval(self) -> tuple[float, float] | None:
        return wilson(self.totals["on_time"], self.totals["promised"])

    @property
    def median_hours(self) -> float | None:
        """Half of the treatments came sooner after the first report; at most WITHIN off."""
        return percentile(self.totals.hours, MEDIAN)

    @property
    def p90_hours(self) -> float | None:
        """Nine in ten of the treatments came sooner after the first report; at most WITHIN off."""
        return percentile(self.totals.hours, P90)

    @property
    def costs(self) -> dict[str, dict[str, float | None]]:
        """By unit: riyals, the quantity that they paid for, and riyals for one."""
        told = {}
        for unit in Element.Unit.values:
            riyals = self.totals.amount("cost", unit) / THOUSANDTHS
            quantity = self.totals.amount("costed", unit) / THOUSANDTHS
            each = round(riyals / quantity, 2) if quantity else None
            told[unit] = {"cost": riyals, "quantity": quantity, "cost_per_unit": each}
        return told

    def published(self) -> dict[str, Any]:
        return {
            "events": self.counts,
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
                    "treated": self.totals.amount("treat", unit) / THOUSANDTHS,
                    "verified": self.totals.amount("verify", unit) / THOUSANDTHS,
                }
                for unit in Element.Unit.values
            },
            "costs": self.costs,
        }


def _rounded(hours: float | None) -> float | None:
    return None if hours is None else round(hours, 1)
