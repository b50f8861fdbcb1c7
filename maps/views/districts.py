"""Districts: their figures side by side, and the page of each."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gis_app.catalogue.models import Element
from gis_app.distortions.status import PUBLIC, Status
from gis_app.layers import LAYERS
from gis_app.places.models import District, SubMunicipality
from gis_app.progress.figures import by_element, progress
from maps.asked import one_of
from maps.cases import pair_of, with_pictures

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


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The figures of every district as a table, in the order and of the element that is asked for."""
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
            "elements": Element.objects.active_on(timezone.localdate()),
            "sub_municipalities": SubMunicipality.objects.order_by("code"),
            "today": timezone.localdate(),
            "few": settings.RASD_FEW,
        },
    )


@require_safe
def district(request: HttpRequest, code: str) -> HttpResponse:
    """One district: how far its treatment has come, by element, what is late and what is new."""
    found = District.objects.described().filter(code=code).first()
    if found is None:
        raise Http404
    here = {"district": code}
    elements = by_element(here)
    figures = progress(here).districts[0]
    rows = LAYERS["distortions"].rows(request.user, here)
    verified = rows.filter(status=Status.VERIFIED).with_both_photos().order_by("-verified_at")
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
            "late": rows.late().order_by("due_at", "number")[:LATE],
            "latest": with_pictures(rows)[:LATEST],
            "pairs": [(row, pair_of(row.pictures)) for row in with_pictures(verified)[:PAIRS]],
            "statuses": PUBLIC,
            "parks": LAYERS["parks"].rows(request.user, here).count(),
            "kiosks": LAYERS["kiosks"].rows(request.user, here).count(),
            "today": timezone.localdate(),
            "few": settings.RASD_FEW,
        },
    )
