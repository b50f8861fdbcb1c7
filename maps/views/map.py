"""The public map, and what it asks the server for."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_app import tiles
from gis_app.catalogue.registers import elements_on
from gis_app.distortions.status import COUNTED, PUBLIC, Status
from gis_app.errors import Unreadable
from gis_app.geo.filters import BBoxField
from gis_app.layers import LAYERS
from gis_app.places.models import District
from gis_app.places.registers import districts_in_force
from gis_app.progress.asked import past_day
from gis_app.progress.figures import progress
from gis_app.sites.models import KioskSite
from maps.cases import with_pictures
from maps.periods import quarters
from maps.templatetags.rasd import rate_class

FILTERS = ("element", "status", "district", "late", "as_of")
OF_PROGRESS = ("element", "district", "as_of")
OF_THE_TABLE = ("element", "as_of")  # what the table of all figures is asked too
GROUND = ("districts", "streets", "parks", "kiosks")  # what is drawn besides the distortions
CLASS_PERCENT = 20
LATEST = 3


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The map of districts or of distortions, with the same figures in words and as a table.

    Of a past day too; what was verified last is told of today alone.
    """
    params = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    asked = {name: params[name] for name in OF_PROGRESS if name in params}
    found = progress(asked)
    LAYERS["distortions"].rows(request.user, params)  # refuses what it cannot read
    view = "points" if request.GET.get("view") == "points" else "districts"
    past = found.question.past
    latest = () if past else _verified_last(request.user, asked)
    return render(
        request,
        "maps/map.html",
        {
            "progress": found,
            "ranked": sorted(found.districts, key=_by_rate),
            "drawn": {district.code: _drawn(district) for district in found.districts},
            "labels": {row.code: row.ground.label for row in found.districts},
            "district_names": [(row.code, row.name) for row in districts_in_force()],
            "classes": [(low, low + CLASS_PERCENT) for low in range(0, 100, CLASS_PERCENT)],
            "kiosk_statuses": KioskSite.Status.choices,
            "elements": elements_on(timezone.localdate()),
            "params": params,
            "of_the_table": urlencode(
                {name: asked[name] for name in OF_THE_TABLE if name in asked}
            ),
            "view": view,
            "shown": tiles.total(user=request.user, params=params) if view == "points" else None,
            "statuses": PUBLIC,
            "counted": COUNTED,
            "latest": latest,
            "today": timezone.localdate(),
            "shown_day": found.question.day,
            "past": past,
            "quarters": quarters(timezone.localdate())[1:],
            "few": settings.RASD_FEW,
        },
    )


@require_safe
@gzip_page  # the streets of a city are 150 kB as text, 30 kB on the way to a phone
def layer(request: HttpRequest, layer: str) -> HttpResponse:
    """One layer of the ground as GeoJSON; districts also as they were drawn at the end of a day.

    `?lang=` only tells the browser's cache the languages apart.
    """
    if layer not in GROUND:
        raise Http404
    found = LAYERS[layer]
    past = past_day(request.GET) if layer == "districts" else None
    rows = District.objects.described(past) if past else found.rows(request.user, {})
    answer = HttpResponse(found.collection(rows), content_type="application/geo+json")
    answer["Cache-Control"] = "private, max-age=600"
    return answer


@require_safe
def clusters(request: HttpRequest) -> HttpResponse:
    """Distortions in a box, gathered by the server; what stands alone brings its properties."""
    params = {name: text for name, text in request.GET.items() if text}
    try:
        zoom = int(params.pop("zoom", "12"))
    except ValueError:
        raise Unreadable(fields={"zoom": [f"0-{tiles.DEEPEST}"]}) from None
    box = _box(params.pop("bbox", "")) or District.objects.box()
    zoom = max(0, min(zoom, tiles.DEEPEST))
    with LAYERS["distortions"].bounded(params):
        found, is_capped = tiles.clusters(box, zoom=zoom, user=request.user, params=params)
    return JsonResponse({"clusters": found, "capped": is_capped})


def _verified_last(user, params: Mapping[str, str]) -> QuerySet:
    rows = LAYERS["distortions"].rows(user, {**params, "status": Status.VERIFIED})
    return with_pictures(rows.order_by("-verified_at"))[:LATEST]


def _box(text: str) -> Polygon | None:
    try:
        return BBoxField(required=False).clean(text)
    except ValidationError as error:
        raise Unreadable(fields={"bbox": error.messages}) from None


def _by_rate(district) -> tuple:
    """Sort by the verified rate, the best first; those with too few for one last."""
    return (district.is_few, -(district.verified_rate or 0), district.name)


def _drawn(district) -> dict:
    """What the map writes on a district: colour class, rates in hundredths, what waits."""
    return {
        "name": district.name,
        "class": rate_class(district),
        "total": district.total,
        "verified": round(100 * (district.verified_rate or 0)),
        "treated": round(100 * (district.treatment_rate or 0)),
        "open": district.open,
        "reported": district.reported,
    }
