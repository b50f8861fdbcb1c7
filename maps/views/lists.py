"""Distortions as a list, and the page of one of them: for everybody, with the map's own filters."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gis_app.catalogue.models import Element
from gis_app.distortions.history import timeline
from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.distortions.status import PUBLIC, Status
from gis_app.layers import LAYERS
from gis_app.places.models import District
from maps.cases import drawn_place, pair_of, with_pictures

PAGE = 24
NEAR_METRES, MOST_NEAR = 150, 5
CHOICES = ("element", "status", "district")  # of which several can be chosen


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """A page of the distortions that the address asks for, the newest first."""
    params = {name: ",".join(filter(None, texts)) for name, texts in request.GET.lists()}
    cursor = params.pop("cursor", "")
    params = {name: text for name, text in params.items() if text}
    layer = LAYERS["distortions"]
    rows = layer.rows(request.user, params)
    found = list(with_pictures(layer.after(rows, cursor))[: PAGE + 1])
    chosen = {name: list(filter(None, params.get(name, "").split(","))) for name in CHOICES}
    by_status = _counted(request.user, params, "status")
    return render(
        request,
        "maps/list.html",
        {
            "rows": found[:PAGE],
            "next": layer.cursor_at(found[PAGE - 1]) if len(found) > PAGE else "",
            "is_first": not cursor,
            "count": sum(by_status.get(name, 0) for name in chosen["status"] or by_status),
            "by_status": by_status,
            "by_element": _counted(request.user, params, "element"),
            "params": params,
            "parks": LAYERS["parks"]
            .rows(request.user, {"code": params.get("park", "")})
            .values_list("code", "name")
            if "park" in params
            else [],
            "chosen": chosen,
            "statuses": PUBLIC,
            "elements": Element.objects.active_on(timezone.localdate()),
            "districts": District.objects.described().order_by("name").values_list("code", "name"),
        },
    )


@require_safe
def distortion(request: HttpRequest, number: str) -> HttpResponse:
    """All that the public may know of one distortion; one that was merged leads to its survivor."""
    merged = Distortion.objects.filter(number=number, status=Status.MERGED).first()
    if merged:
        address = reverse("maps:distortion", args=[merged.survivor().number])
        return HttpResponsePermanentRedirect(address, preserve_request=True)
    rows = LAYERS["distortions"].rows(request.user, {})
    found = rows.select_related("element", "district").filter(number=number).first()
    if found is None:
        raise Http404
    # What the public sees, whoever looks: staff read the rest on the desk.
    photos = list(Photo.objects.published().about(found))
    pair = pair_of(photos)
    near = rows.exclude(pk=found.pk).within(NEAR_METRES, of=found.shape)
    return render(
        request,
        "maps/distortion.html",
        {
            "distortion": found,
            "pair": pair,
            "others": [photo for photo in photos if not (pair and photo in pair)],
            "said": Report.objects.about(found).texts_for(AnonymousUser()),
            "timeline": timeline(found, staff=False),
            "place": found.shape.centroid,
            "drawn": drawn_place(found),
            "near": near[:MOST_NEAR],
            "near_metres": NEAR_METRES,
        },
    )


def _counted(user, params: dict[str, str], name: str) -> dict[str, int]:
    """How many there are of each *name*, were it not filtered."""
    others = {other: text for other, text in params.items() if other != name}
    rows = LAYERS["distortions"].rows(user, others).order_by()
    column = "element__code" if name == "element" else name
    return dict(rows.values_list(column).annotate(Count("pk")))
