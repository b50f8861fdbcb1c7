"""What was done in a period: by district, kind, sub-municipality, amana or team, and over time."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from gis_app.catalogue.registers import elements_on
from gis_app.places.registers import sub_municipalities
from gis_app.progress.areas import BY
from gis_app.progress.figures import progress
from gis_app.progress.measures import WITHIN
from gis_app.progress.question import Question
from gis_app.progress.series import USUAL, quarter_of, series
from maps.asked import one_of
from maps.periods import quarters
from maps.views.staff import staff_only

LABELS = {
    "district": _("District"),
    "element": _("Kind of distortion"),
    "sub_municipality": _("Sub-municipality"),
    "amana": _("Amana"),
    "team": _("Team"),
}
EVERY = {
    "day": _("By day"),
    "week": _("By week"),
    "month": _("By month"),
    "quarter": _("By quarter"),
}


@require_safe
@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """A table of what was done, and one of how it went on; each number opens its rows."""
    today = timezone.localdate()
    params = {name: text for name, text in request.GET.items() if text}
    by = one_of(LABELS, name="by", value=params.pop("by", "district"))
    every = one_of(USUAL, name="every", value=params.pop("every", "month"))
    latest = quarters(today)
    if "from" not in params:  # the quarter, until the last day that is asked for, or today
        last = Question.read(params).day
        params |= {"from": str(quarter_of(last)), "to": str(last)}
    of_places = {
        name: text for name, text in params.items() if by != "team" or name != "sub_municipality"
    }
    found = progress(of_places)
    rows = found.districts if by == "district" else BY[by](of_places)
    over_time = series(of_places | {"every": every})
    return render(
        request,
        "maps/period.html",
        {
            "rows": [row for row in rows if any(row.happened.counts.values()) or row.total],
            "total": found.totals,
            "points": over_time.points,
            "by": by,
            "labels": LABELS,
            "every": every,
            "every_labels": EVERY,
            "quarters": [(quarter, quarter.is_asked(params)) for quarter in latest],
            "params": params,
            "first": over_time.points[0].first,
            "last": over_time.question.day,
            "today": today,
            "elements": elements_on(today),
            "sub_municipalities": sub_municipalities(),
            "few": settings.RASD_FEW,
            "within": WITHIN,
            "is_staff_page": True,
        },
    )
