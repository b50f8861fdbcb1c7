"""Districts: their figures side by side, and the page of each."""

from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gis_app.catalogue.models import Element
from gis_app.catalogue.registers import elements_on
from gis_app.counting import counted
from gis_app.distortions.queries import DistortionQuerySet
from gis_app.distortions.status import PUBLIC, Status
from gis_app.distortions.together import in_one_query
from gis_app.layers import LAYERS
from gis_app.places.registers import grounds, sub_municipalities
from gis_app.progress.asked import past_day
from gis_app.progress.figures import by_element, progress
from maps.asked import one_of
from maps.cases import ANYBODY, pair_of, pictures_for

# How the table can be ordered; districts with too few for a rate stand last.
ORDERS = {
    "verified": lambda row: (row.total < settings.RASD_FEW, -(row.verified_rate or 0)),
    "treated": lambda row: (row.total < settings.RASD_FEW, -(row.treatment_rate or 0)),
    "open": lambda row: -row.open,
    "late": lambda row: -row.late,
    "reported": lambda row: -row.reported,
    "name": lambda row: row.name,
}
LATEST, LATE, PAIRS = 6, 3, 3
NOTHING: dict[str, list[Any]] = {"late": [], "latest": [], "pairs": []}
RECENT = 200  # of the last verified ones, pairs of photos are looked for


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The figures of every district as a table: of an element, on a day, in an order."""
    params = {name: text for name, text in request.GET.items() if text}
    order = one_of(ORDERS, name="order", value=params.pop("order", "verified"))
    found = progress(params)
    return render(
        request,
        "maps/districts.html",
        {
            "totals": found.totals,
            "districts": sorted(found.districts, key=ORDERS[order]),
            "order": order,
            "params": params,
            "elements": elements_on(timezone.localdate()),
            "sub_municipalities": sub_municipalities(),
            "today": timezone.localdate(),
            "shown_day": found.question.day,
            "past": found.question.past,
            "few": settings.RASD_FEW,
        },
    )


@require_safe
def district(request: HttpRequest, code: str) -> HttpResponse:
    """One district: how far its treatment has come, by element, what is late and what is new.

    Of a past day, its figures.
    """
    rows = LAYERS["distortions"].rows_for(request.user)  # first: the registers come with a user
    past = past_day(request.GET)
    found = next((ground for ground in grounds(past) if ground.code == code), None)
    if found is None:
        raise Http404
    here = {"district": code}
    then = here | ({"as_of": past.isoformat()} if past else {})
    elements = by_element(then)
    told = progress(then)
    figures = told.districts[0]
    theirs = rows.filter(district=found.pk).newest_first()
    shown = dict(NOTHING) if past else _shown_of(theirs, request.user)
    sites, _grouped = counted(
        {name: LAYERS[name].rows(request.user, here) for name in ("parks", "kiosks")}
    )
    return render(
        request,
        "maps/district.html",
        {
            "district": found,
            "figures": figures,
            "quantities": [
                (Element.Unit(unit).label, of)
                for unit, of in figures.quantities.items()
                if any(of.values())
            ],
            "elements": sorted(elements, key=lambda row: -row.total),
            "most": max((row.total for row in elements), default=0),
            "late": sorted(shown["late"], key=lambda row: (row.due_at, row.number)),
            "latest": sorted(shown["latest"], key=_first_reported, reverse=True),
            "pairs": [(row, pair_of(row.pictures)) for row in shown["pairs"]],
            "statuses": PUBLIC,
            **sites,
            "shown_day": told.question.day,
            "past": past,
            "few": settings.RASD_FEW,
        },
    )


def _shown_of(rows: DistortionQuerySet, user) -> dict[str, list[Any]]:
    """Return what the page of a district shows of its distortions, with pictures: two queries.

    What is late, what is new, and of the last verified ones those with both photos.
    """
    last = rows.filter(status=Status.VERIFIED).order_by("-verified_at")[:RECENT]
    both = rows.filter(pk__in=last.values("pk")).with_both_photos().order_by("-verified_at")
    parts = {
        "late": rows.late().order_by("due_at", "number")[:LATE],
        "latest": rows[:LATEST],
        "pairs": both[:PAIRS],
    }
    found = in_one_query(parts, user=user)
    prefetch_related_objects([*found["latest"], *found["pairs"]], pictures_for(ANYBODY))
    found["pairs"].sort(key=lambda row: row.verified_at, reverse=True)
    return found


def _first_reported(row) -> tuple:
    return (row.first_reported_at, row.number)
