"""Whether treatments last: what came back, and what was closed falsely."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from gis_app.catalogue.registers import elements_on
from gis_app.errors import Unreadable
from gis_app.places.registers import sub_municipalities
from gis_app.progress.lasting import BY, lasting
from maps.asked import one_of
from maps.views.staff import staff_only

LABELS = {"element": _("Kind of distortion"), "district": _("District"), "team": _("Team")}
PERIODS = {30: _("30 days"), 90: _("90 days"), 365: _("A year")}
USUAL = 365  # days


@require_safe
@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """A table by element, district or team; each number opens its rows."""
    today = timezone.localdate()
    params = {name: value for name, value in request.GET.items() if value}
    by = one_of(BY, name="by", value=params.pop("by", "element"))
    days = params.pop("days", _since(today, USUAL))
    try:
        rows, total = lasting(by, params, days=days)
    except ValidationError as error:
        raise Unreadable(fields={"days": error.messages}) from None
    return render(
        request,
        "maps/lasting.html",
        {
            "rows": rows,
            "total": total,
            "by": by,
            "labels": LABELS,
            "days": days,
            "periods": [(_since(today, length), label) for length, label in PERIODS.items()],
            "params": params,
            "elements": elements_on(today),
            "sub_municipalities": sub_municipalities(),
            "few": settings.RASD_FEW,
            "is_staff_page": True,
        },
    )


def _since(today: date, days: int) -> str:
    """Return the interval that begins so many *days* ago."""
    return f"{today - timedelta(days=days)}/.."
