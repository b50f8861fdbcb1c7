"""Distortions as a list, and the page of one of them: for everybody, with the map's own filters."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gis_app.catalogue.registers import elements_on
from gis_app.distortions.history import timeline
from gis_app.distortions.models import Distortion, Report
from gis_app.distortions.of_one import photos_of
from gis_app.distortions.status import PUBLIC, UNDER_WAY, Status
from gis_app.distortions.together import in_one_query, nearest, recurrences_of
from gis_app.errors import Unreadable
from gis_app.geo.filters import PastDayField
from gis_app.layers import LAYERS
from gis_app.places.registers import districts_in_force
from gis_app.treatment.promise import promises
from maps.cases import ANYBODY, drawn_place, pair_of, with_pictures
from maps.facets import facets
from maps.filters import beside_the_form, in_words
from maps.forms import SupportForm
from maps.listing import asked_of, paged
from maps.recurrences import recurrence_context

NEAR_METRES, MOST_NEAR = 150, 5
NOT_FOR_EVER = {"Cache-Control": "no-cache"}  # a merge can be undone
CHOICES = ("element", "status", "district")  # of which several can be chosen


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """A page of the distortions that the address asks for, the newest first.

    Where a filter cannot be read, the page says which, and keeps the others in its form.
    """
    params, cursor = asked_of(request)
    try:
        with LAYERS["distortions"].bounded(params):
            told = _found(request, params, cursor) | _form(request, params)
    except Unreadable as refusal:
        readable = {name: text for name, text in params.items() if name not in refusal.fields}
        told = {"refused": in_words(refusal.fields), "is_first": True} | _form(request, readable)
    return render(request, "maps/list.html", told, status=400 if "refused" in told else 200)


def _found(request: HttpRequest, params: dict[str, str], cursor: str) -> dict:
    """The rows after *cursor*."""
    layer = LAYERS["distortions"]
    rows = layer.rows(request.user, params)
    return paged(layer, with_pictures(rows), cursor)


def _form(request: HttpRequest, params: dict[str, str]) -> dict:
    """What can be chosen, how many there are of each (now alone), and what was chosen."""
    past = PastDayField(required=False).clean(params.get("as_of", ""))
    return {
        "params": params,
        "past": past,
        "today": timezone.localdate(),
        "chosen": {name: params.get(name, "").split(",") for name in CHOICES},
        "others": beside_the_form(params),
        "facets": facets(request.user, params),
        "statuses": PUBLIC,
        "elements": elements_on(timezone.localdate()),
        "districts": [(row.code, row.name) for row in districts_in_force()],
    }


@require_safe
def distortion(request: HttpRequest, number: str) -> HttpResponse:
    """All that the public may know of one distortion; one that was merged leads to its survivor."""
    return render_distortion(request, number)


def render_distortion(
    request: HttpRequest, number: str, *, form: SupportForm | None = None, status: int = 200
) -> HttpResponse:
    """Answer the page of one distortion; *form* is a support of it that was refused."""
    rows = LAYERS["distortions"].rows_for(request.user)
    found = rows.select_related("element", "district").filter(number=number).first()
    if found is None or found.status == Status.MERGED:
        survivor = Distortion.objects.survivor_of(number, request.user)
        if survivor:
            return _moved_to(survivor)
    if found is None:
        raise Http404
    near = rows.exclude(pk=found.pk).within(NEAR_METRES, of=found.shape)
    # What the public sees, whoever looks: staff read the rest on the desk.
    parts = in_one_query(
        {"near": near.nearest(MOST_NEAR, of=found.shape)} | recurrences_of(found, user=ANYBODY),
        user=request.user,
    )
    photos = photos_of(found, user=ANYBODY, beside=parts.get("earlier", ()))
    pair = pair_of(photos)
    return render(
        request,
        "maps/distortion.html",
        {
            "distortion": found,
            "pair": pair,
            "others": [photo for photo in photos if not (pair and photo in pair)],
            "said": Report.objects.about(found).texts_for(ANYBODY),
            "timeline": timeline(found, staff=False),
            "promises": promises(found),
            **recurrence_context(parts),
            "place": found.shape.centroid,
            "drawn": drawn_place(found),
            "near": nearest(parts, "near"),
            "near_metres": NEAR_METRES,
            "form": form or SupportForm(),
            "is_open": found.status in UNDER_WAY,
        },
        status=status,
    )


def _moved_to(survivor: Distortion) -> HttpResponse:
    address = reverse("maps:distortion", args=[survivor.number])
    return HttpResponsePermanentRedirect(address, preserve_request=True, headers=NOT_FOR_EVER)
