"""The index of visual distortion for planners: its formula, its figures, and what if."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from gis_app.places.models import SubMunicipality
from gis_app.progress.index import IndexFigures, index
from maps.measures import Measure, Scale
from maps.views.staff import staff_only

PER_KM2 = Measure(
    label=_("Index per km²"),
    said=_("Points of what is open"),
    of=lambda district: district.per_km2,
)
KEPT = ("as_of", "element", "sub_municipality")  # by the way back to the formula in force


@require_safe
@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """Every district, most first; what differs from the formula in force is said."""
    params = {name: value for name, value in request.GET.items() if value}
    found = index(params)
    ranked = [row for row in found.districts if row.rank]
    scale = Scale.of(PER_KM2, ranked)
    return render(
        request,
        "maps/index.html",
        {
            "index": found,
            "districts": sorted(found.districts, key=_most_first),
            "scale": scale,
            "drawn": {row.code: _drawn(row, scale) for row in found.districts},
            "labels": {row.code: row.label for row in found.districts},
            "weights": [
                (row, found.rules.weights[row.code]) for row in found.elements if row.is_active
            ],
            "severities": list(enumerate(found.rules.severity, start=1)),
            "params": params,
            "today": timezone.localdate(),
            "kept": urlencode({name: params[name] for name in KEPT if name in params}),
            "sub_municipalities": SubMunicipality.objects.order_by("code"),
            "days": settings.RASD_COVERAGE_DAYS,
            "share": settings.RASD_COVERAGE_SHARE,
            "is_staff_page": True,
        },
    )


def _most_first(row: IndexFigures) -> tuple:
    """Sort by rank; those without one last."""
    return (row.rank is None, row.rank or 0, row.name)


def _drawn(row: IndexFigures, scale: Scale) -> dict:
    """What the map draws of a district."""
    return {
        "name": row.name,
        "class": scale.class_of(row) if row.rank else "c0",
        "value": scale.shown(row) if row.rank else None,
    }
