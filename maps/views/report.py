"""Reporting a distortion: one form, with or without JavaScript."""

from http import HTTPStatus
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_app.accounts.client import client_of
from gis_app.catalogue.registers import elements_on
from gis_app.distortions.actions import submit
from gis_app.distortions.photo_actions import MOST_PHOTOS
from gis_app.distortions.status import UNDER_WAY
from gis_app.errors import Conflict, Refused
from gis_app.language import active
from gis_app.places.registers import districts_in_force
from maps.forms import ANOTHER, ReportForm
from maps.sending import add_photos, device_of, keep_device, remember

PREFILLED = ("element", "place", "district")  # links to this page can say these


@never_cache  # each copy of the page has an id of its own: an old one would send the same again
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The form; what was sent leads to its own page, what was refused comes back with the reason."""
    if request.method != "POST":
        told = {name: request.GET.get(name, "") for name in PREFILLED}
        return _shown(request, ReportForm(initial=told | _identity()))
    form = ReportForm(request.POST.copy(), request.FILES)
    if not form.is_valid():
        return _shown(request, form, status=422)
    if form.asks() and form.known_nearby(by=request.user):
        form.data["asked"] = "1"
        return _shown(request, form)
    device = device_of(request)
    try:
        report, _is_new = submit(
            by=request.user,
            client=client_of(request),
            device=device,
            language=active(),
            **form.facts(),
        )
    except Refused as refused:
        return _refused(request, form, refused)
    remember(request, report)
    add_photos(request, report, form.cleaned_data["photos"])
    track = reverse("maps:track", args=[report.track_token])
    return keep_device(HttpResponseRedirect(track, status=HTTPStatus.SEE_OTHER), device)


def _identity() -> dict[str, str]:
    """A new report's id and moment, made with the page: sending it twice sends one report."""
    return {"id": str(uuid4()), "observed_at": timezone.now().isoformat(timespec="seconds")}


def _refused(request: HttpRequest, form: ReportForm, refused: Refused) -> HttpResponse:
    form.add_refusal(refused)
    if isinstance(refused, Conflict):
        form.data.update(_identity())  # what this page sent before is safe: this is another one
    answer = _shown(request, form, status=refused.status)
    if "retry_after" in refused.extra:
        answer["Retry-After"] = str(refused.extra["retry_after"])
    return answer


def _shown(request: HttpRequest, form: ReportForm, *, status: int = 200) -> HttpResponse:
    return render(
        request,
        "maps/report.html",
        {
            "form": form,
            "elements": elements_on(timezone.localdate()),
            "districts": [(row.code, row.name) for row in districts_in_force()],
            "joinable": UNDER_WAY,
            "near": form.known_nearby(by=request.user) if form.is_bound else [],
            "another": ANOTHER,
            "most_photos": MOST_PHOTOS,
        },
        status=status,
    )
