"""What the index is asked: of which day and places, and what if it weighed otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django import forms
from django.db.models import BooleanField, ExpressionWrapper, F, FilteredRelation, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.formula import MOST_DAYS, MOST_WEIGHT, SEVERITIES
from gis_app.catalogue.models import Element, IndexFormula
from gis_app.errors import Unreadable
from gis_app.geo.filters import CodesField
from gis_app.language import named
from gis_app.progress.asked import PLACES, given, number, whole

WEIGHT, SEVERITY, CAP = "weight.", "severity.", "cap_days"


@dataclass(frozen=True)
class Weighed:
    """An element in a formula: its weight, and how much of it is usual, in its unit."""

    key: int
    code: str
    name: str
    unit: str
    weight: float
    usual_quantity: float | None
    is_active: bool  # in the catalogue of that day


def weighed(formula: IndexFormula, day: date) -> list[Weighed]:
    """Return all elements as *formula* weighs them, in the catalogue's order."""
    active = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))
    told = FilteredRelation("weights", condition=Q(weights__formula=formula))
    rows = (
        Element.objects.order_by("position")
        .annotate(told=told)
        .values_list(
            "pk",
            "code",
            named(),
            "unit",
            Coalesce(F("told__weight"), Value(formula.other_weight)),
            "told__usual_quantity",
            ExpressionWrapper(Coalesce(active, False), output_field=BooleanField()),
        )
    )
    return [Weighed(*row) for row in rows]


@dataclass(frozen=True)
class Rules:
    """What a distortion counts: weights by the element's code, factors by severity, days at most."""

    weights: Mapping[str, float]
    severity: tuple[float, ...]
    cap_days: int

    @classmethod
    def of(cls, formula: IndexFormula, elements: Iterable[Weighed]) -> "Rules":
        """Return those of *formula*."""
        return cls(
            {element.code: element.weight for element in elements},
            tuple(formula.severity_factors),
            formula.cap_days,
        )

    def factor(self, element: str, severity: int) -> float:
        return self.weights[element] * self.severity[severity - 1]


@dataclass(frozen=True)
class Question:
    """One question, read strictly: what is not known or out of bounds is Unreadable."""

    params: Mapping[str, str]  # those with a value
    rules: Rules
    elements: list[str]  # codes; none: all

    @classmethod
    def read(cls, params: Mapping[str, str], *, usual: Rules) -> "Question":
        """Read *params*; where they say nothing, the *usual* rules hold."""
        asked = given(params)
        wrong: dict[str, list[object]] = {}
        weights, severity, cap_days = dict(usual.weights), list(usual.severity), usual.cap_days
        elements: list[str] = []
        for name, text in asked.items():
            try:
                if name.startswith(WEIGHT) and name.removeprefix(WEIGHT) in weights:
                    weights[name.removeprefix(WEIGHT)] = number(text, most=MOST_WEIGHT)
                elif name in _SEVERITIES:
                    severity[_SEVERITIES.index(name)] = number(text, most=MOST_WEIGHT)
                elif name == CAP:
                    cap_days = whole(text, most=MOST_DAYS)
                elif name == "element":
                    elements = CodesField(choices=lambda: weights).clean(text)
                elif name not in {"as_of", *PLACES}:
                    wrong[name] = [_("This filter is not known.")]
            except forms.ValidationError as error:
                wrong[name] = list(error.messages)
        if wrong:
            raise Unreadable(fields=wrong)
        return cls(asked, Rules(weights, tuple(severity), cap_days), elements)

    def listed(self) -> dict[str, str]:
        """Return what a list is asked for the same places and elements."""
        return {name: self.params[name] for name in ("element", *PLACES) if name in self.params}


_SEVERITIES = [f"{SEVERITY}{number}" for number in range(1, SEVERITIES + 1)]
