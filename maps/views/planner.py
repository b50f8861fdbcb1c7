"""The planner's page: one measure of every district as a map and a table, and one district in full."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gis_app.catalogue.registers import elements_on
from gis_app.distortions.status import Status
from gis_app.places.registers import sub_municipalities
from gis_app.progress.coverage import coverage
from gis_app.progress.figures import DistrictFigures, by_element, progress
from maps.asked import one_of
from maps.measures import MEASURES, Scale
from maps.periods import quarters
from maps.views.staff import staff_only

DONE = f"{Status.TREATED},{Status.VERIFIED}"


@require_safe
@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """Every district by one measure, the weakest first; beside it the chosen one."""
    params = {name: value for name, value in request.GET.items() if value}
    name = one_of(MEASURES, name="measure", value=params.pop("measure", "verified"))
    code = params.pop("district", "")
    found = progress(params)
    question = found.question
    looked_at = coverage(question.day)
    for row in found.districts:
        row.coverage = looked_at.get(row.ground.pk)
    scale = Scale.of(MEASURES[name], found.districts)
    chosen = next((row for row in found.districts if row.code == code), None)
    here = params | ({"district": code} if chosen else {})
    return render(
        request,
        "maps/planner.html",
        {
            "measures": MEASURES,
            "measure": name,
            "scale": scale,
            "districts": sorted(found.districts, key=lambda row: _weakest_first(row, scale)),
            "totals": found.totals,
            "chosen": chosen,
            "is_part": bool(params.keys() - {"as_of"}),
            "figures": chosen or found.totals,
            "by_element": sorted(by_element(here), key=lambda row: -row.total),
            "done": DONE,
            "drawn": {row.code: _drawn(row, scale) for row in found.districts},
            "labels": {row.code: row.ground.label for row in found.districts},
            "params": params,
            "elements": elements_on(timezone.localdate()),
            "sub_municipalities": sub_municipalities(),
            "today": timezone.localdate(),
            "shown_day": question.day,
            "past": question.past,
            "quarters": quarters(timezone.localdate())[1:],
            "few": settings.RASD_FEW,
            "days": settings.RASD_COVERAGE_DAYS,
            "is_staff_page": True,
        },
    )


@require_safe
@staff_only
def download(request: HttpRequest) -> HttpResponse:
    """The map as one file that opens from disk, with what its reader may see."""
    # Not above: it brings pandas and folium, which every start of the server would wait for.
    from maps.atlas.page import render as render_atlas  # noqa: PLC0415

    answer = HttpResponse(render_atlas(request.user))
    answer["Content-Disposition"] = 'attachment; filename="rasd-map.html"'
    return answer


def _weakest_first(district: DistrictFigures, scale: Scale) -> tuple:
    """Sort low rates first, high counts first; districts without a rate last."""
    value = scale.shown(district)
    if scale.measure.is_rate:
        return (value is None, value, district.name)
    return (-(value or 0), district.name)


def _drawn(district: DistrictFigures, scale: Scale) -> dict:
    """What the map draws of a district."""
    return {
        "name": district.name,
        "class": scale.class_of(district),
        "value": scale.shown(district),
    }
