"""Whether treatments last: how many came back, and how many were closed falsely."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q

from gis_app.catalogue.models import Element
from gis_app.distortions.filters import PlacedFilter
from gis_app.distortions.models import Distortion
from gis_app.distortions.status import Status
from gis_app.geo.filters import DaysField, DaysFilter
from gis_app.language import named
from gis_app.places.models import District
from gis_app.progress.rates import share, wilson
from gis_app.treatment.models import SecondCheck, Team

BY: dict[str, Any] = {"element": Element, "district": District, "team": Team}


@dataclass
class Lasting:
    """Of one element, district or team, or of all; the queries list the rows behind the numbers."""

    code: str = ""
    name: str = ""
    verified: int = 0
    relapsed: int = 0
    checked: int = 0
    false: int = 0
    query: str = ""  # of what was verified
    check_query: str = ""  # of what was checked: by the team that had treated it then

    @property
    def relapse_rate(self) -> float | None:
        """Share of what was verified that came back, 0-1; None when nothing was."""
        return self.relapsed / self.verified if self.verified else None

    @property
    def false_rate(self) -> float | None:
        """Share of the second checks that found it untreated, 0-1; None when there was none."""
        return share(self.false, self.checked)

    @property
    def false_interval(self) -> tuple[float, float] | None:
        """Where the rate of all verifications lies, with rates.CONFIDENCE."""
        return wilson(self.false, self.checked)


def lasting(by: str, params: Mapping[str, str], *, days: str = "") -> tuple[list[Lasting], Lasting]:
    """Return the figures by "element", "district" or "team", and those of all together.

    Verified on *days* and still closed; checked on *days* (2026-01-01/2026-03-31; empty: ever).
    *params* as in `progress`. Each verified one that came back counts once, however often it did:
    a visit that finds it back reports it as a recurrence. A recurrence that was rejected is none.
    """
    rows = PlacedFilter(params, queryset=Distortion.objects.all(), user=None).qs
    found = {
        pk: Lasting(code, name, **_queries(params, by=by, code=code))
        for pk, code, name in BY[by].objects.values_list("pk", "code", named())
    }
    total = Lasting(**_queries(params))
    for pk, counts in _counted(rows, by, DaysField(required=False).clean(days)):
        for one in (total, found[pk]) if pk in found else (total,):
            for name, count in counts.items():
                setattr(one, name, getattr(one, name) + count)
    told = [one for one in found.values() if one.verified or one.checked]
    return sorted(told, key=lambda one: (-one.relapsed, -one.verified, one.name)), total


def _queries(params: Mapping[str, str], *, by: str = "", code: str = "") -> dict[str, Any]:
    """Return the query strings that list one row of the table, or all of it."""
    of_check = "checked_team" if by == "team" else by
    asked = {"query": {by: code}, "check_query": {of_check: code}}
    return {
        name: urlencode({**params, **(of if code else {})}, safe=",") for name, of in asked.items()
    }


def _counted(rows, by: str, days) -> list[tuple[int, dict[str, Any]]]:
    """Return counts with the key of the element, district or team that they belong to."""
    verified = DaysFilter("verified_at").filter(rows.filter(status=Status.VERIFIED), days)
    checks = SecondCheck.objects.filter(distortion__in=rows, checked_at__isnull=False)
    checks = DaysFilter("checked_at").filter(checks, days)
    of_check = "team" if by == "team" else f"distortion__{by}"
    return [
        *_grouped(verified, by, verified=Count("*")),
        *_grouped(verified.relapsed(), by, relapsed=Count("*")),
        *_grouped(
            checks, of_check, checked=Count("pk"), false=Count("pk", filter=Q(is_confirmed=False))
        ),
    ]


def _grouped(rows, column: str, **counts) -> list[tuple[int, dict[str, Any]]]:
    return [
        (group.pop(column), group) for group in rows.order_by().values(column).annotate(**counts)
    ]
