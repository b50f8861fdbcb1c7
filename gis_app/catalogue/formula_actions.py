"""Formulas of the index: loaded from a file, or begun as a copy of one. None is ever rewritten."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gis_app.accounts.rights import registrars_only
from gis_app.catalogue.models import Element, IndexFormula, IndexWeight

NUMBERS = ("other_weight", "cap_days", "least_km2", "note_ar", "note_en")


@transaction.atomic
def load_formulas(entries: list[Mapping[str, Any]]) -> int:
    """Add the formulas of *entries* whose version is not known yet; return how many."""
    known = set(IndexFormula.objects.values_list("version", flat=True))
    new = [entry for entry in entries if entry["version"] not in known]
    elements = {element.code: element for element in Element.objects.all()}
    for entry in new:
        formula = IndexFormula.objects.create(
            version=entry["version"],
            valid_from=date.fromisoformat(entry["valid_from"]),
            severity_factors=entry["severity"],
            least_size=entry["size"]["least"],
            most_size=entry["size"]["most"],
            **{name: entry[name] for name in NUMBERS},
        )
        IndexWeight.objects.bulk_create(
            IndexWeight(
                formula=formula,
                element=elements[told["element"]],
                weight=told["weight"],
                usual_quantity=told["usual"],
            )
            for told in entry["weights"]
            if told["element"] in elements
        )
    return len(new)


@transaction.atomic
def begin_formula(*, like: IndexFormula, by) -> IndexFormula:
    """Make the next version as a copy of *like*, to be changed before the day on which it begins.

    It names every element there is: those that *like* did not, with the weight of all others.
    """
    registrars_only(by)
    weights = list(like.weights.all())
    others = Element.objects.exclude(pk__in=[weight.element_id for weight in weights])
    weights += [IndexWeight(element=element, weight=like.other_weight) for element in others]
    found = IndexFormula.objects.aggregate(version=Max("version"), day=Max("valid_from"))
    last_day = max(found["day"], timezone.localdate())
    made = IndexFormula.objects.get(pk=like.pk)
    made.pk = None
    made.version = found["version"] + 1
    made.valid_from = last_day + timedelta(days=1)
    made.save(force_insert=True)
    for weight in weights:
        weight.pk, weight.formula = None, made
    IndexWeight.objects.bulk_create(weights)
    return made
