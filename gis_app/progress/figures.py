"""How far each district's treatment has come, today: what was claimed and what was confirmed.

The denominator is all that was accepted: open + treated + verified. What awaits triage, was
rejected, referred or merged stands beside it and never in it (API.md, Progress).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Min, Sum

from gis_app.catalogue.models import Element
from gis_app.distortions.filters import PlacedFilter
from gis_app.distortions.models import Distortion
from gis_app.distortions.queries import LATE
from gis_app.distortions.status import COUNTED, OPEN, Status
from gis_app.language import named
from gis_app.places.models import District

BESIDE = (Status.REPORTED, Status.REJECTED, Status.REFERRED, Status.MERGED)
PLACES = {
    "district": "code",
    "amana": "amana__code",
    "sub_municipality": "sub_municipality_code",
}
QUANTITY_GROUPS = ("open", "treated", "verified")


@dataclass
class Figures:
    """Counts of distortions by status group; quantities by unit and group.

    *query* asks any list for exactly the rows behind `total`.
    """

    open: int = 0
    treated: int = 0
    verified: int = 0
    reported: int = 0
    rejected: int = 0
    referred: int = 0
    merged: int = 0
    late: int = 0
    waiting_since: datetime | None = None  # the oldest that awaits triage
    quantities: dict[str, dict[str, float]] = field(
        default_factory=lambda: {
            unit: dict.fromkeys(QUANTITY_GROUPS, 0.0) for unit in Element.Unit.values
        }
    )
    query: str = ""

    @property
    def total(self) -> int:
        return self.open + self.treated + self.verified

    @property
    def done(self) -> int:
        """What was claimed or confirmed."""
        return self.treated + self.verified

    @property
    def treatment_rate(self) -> float | None:
        """Share claimed or confirmed, 0-1; None when there is nothing to treat."""
        return self.done / self.total if self.total else None

    @property
    def verified_rate(self) -> float | None:
        """Share confirmed by somebody else, 0-1; None when there is nothing to treat."""
        return self.verified / self.total if self.total else None

    @property
    def hundred(self) -> dict[str, int]:
        """Of every 100 that were accepted, how many are verified, treated and open: always 100."""
        if not self.total:
            return {"verified": 0, "treated": 0, "open": 0}
        verified = round(100 * self.verified / self.total)
        done = max(verified, round(100 * self.done / self.total))
        return {"verified": verified, "treated": done - verified, "open": 100 - done}

    def add(
        self,
        *,
        status: str,
        unit: str,
        count: int,
        quantity: float | None,
        late: int,
        oldest: datetime,
    ) -> None:
        """Count *count* distortions of one status and unit."""
        if status == Status.REPORTED:
            self.waiting_since = min(self.waiting_since or oldest, oldest)
        group = "open" if status in OPEN else str(status)
        setattr(self, group, getattr(self, group) + count)
        self.late += late
        if status in COUNTED and quantity:
            self.quantities[unit][group] += quantity

    def published(self) -> dict[str, Any]:
        """Return the members that API.md names."""
        return {
            "total": self.total,
            "open": self.open,
            "treated": self.treated,
            "verified": self.verified,
            **{status.value: getattr(self, status.value) for status in BESIDE},
            "late": self.late,
            "treatment_rate": self.treatment_rate,
            "verified_rate": self.verified_rate,
            "quantities": {
                unit: {group: round(quantity, 3) for group, quantity in groups.items()}
                for unit, groups in self.quantities.items()
            },
        }


@dataclass
class DistrictFigures(Figures):
    """Of one district."""

    code: str = ""
    name: str = ""
    area_km2: float = 0.0
    population: int | None = None


@dataclass
class ElementFigures(Figures):
    """Of one element."""

    code: str = ""
    name: str = ""
    unit: str = ""

    @property
    def verified_quantity(self) -> float:
        """How much of it was treated and confirmed, in the element's unit."""
        return self.quantities[self.unit]["verified"]


@dataclass(frozen=True)
class Progress:
    districts: list[DistrictFigures]
    totals: Figures


def progress(params: Mapping[str, str]) -> Progress:
    """Return the figures of every district in force that *params* ask for, and of them together.

    *params*: element, district, amana, sub_municipality, source (codes by comma); another one is
    Unreadable. Privacy hides columns, never rows: everybody sees the same numbers.
    """
    rows = _rows(params)
    districts = {
        found["pk"]: DistrictFigures(
            code=found["code"],
            name=found["name"],
            area_km2=round(found["area_km2"], 3),
            population=found["population"],
            query=_query(params, district=found["code"]),
        )
        for found in _districts(params)
    }
    totals = Figures(query=_query(params))
    for group in _grouped(rows, "district"):
        pk = group.pop("district")
        totals.add(**group)
        if pk in districts:  # one that is no longer in force keeps its part of the totals
            districts[pk].add(**group)
    return Progress(list(districts.values()), totals)


def by_element(params: Mapping[str, str]) -> list[ElementFigures]:
    """Return the figures of every element that has any, in the catalogue's order."""
    elements = {
        pk: ElementFigures(code=code, name=name, unit=unit, query=_query(params, element=code))
        for pk, code, name, unit in Element.objects.values_list(
            "pk", "code", named(), "unit"
        ).order_by("position")
    }
    for group in _grouped(_rows(params), "element"):
        elements[group.pop("element")].add(**group)
    return [found for found in elements.values() if found.total or found.reported]


def _rows(params: Mapping[str, str]):
    return PlacedFilter(params, queryset=Distortion.objects.all(), user=None).qs


def _grouped(rows, column: str) -> Iterable[dict[str, Any]]:
    """Return one row for each *column*, status and unit."""
    return rows.values(column, "status", unit=F("element__unit")).annotate(
        count=Count("pk"),
        quantity=Sum("quantity"),
        late=Count("pk", filter=LATE),
        oldest=Min("first_reported_at"),
    )


def _districts(params: Mapping[str, str]):
    rows = District.objects.described().order_by("code")
    for name, path in PLACES.items():
        codes = [code for code in params.get(name, "").split(",") if code]
        rows = rows.filter(**{f"{path}__in": codes}) if codes else rows
    return rows.values("pk", "code", "name", "area_km2", "population")


def _query(params: Mapping[str, str], **of: str) -> str:
    """Return the query string that lists what was counted."""
    kept = {name: value for name, value in params.items() if value}
    return urlencode({**kept, **of, "status": ",".join(COUNTED)}, safe=",")
