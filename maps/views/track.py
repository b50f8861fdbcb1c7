"""What became of a report, for whoever sent it: reached by a private address."""

from http import HTTPStatus

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_app.catalogue.registers import level_on
from gis_app.distortions.history import last_reason, timeline
from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.distortions.photo_actions import MOST_PHOTOS, may_still_add
from gis_app.distortions.status import PUBLIC
from maps.forms import PhotosForm
from maps.sending import add_photos, refused_photos, remember

ROUGH_METRES = 100  # farther off than this, a team does not find it by the point alone


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The report behind the private address *token*; sending photos here adds them to it."""
    try:
        report = Report.objects.from_token(token)
    except Report.DoesNotExist:
        return _unlisted(render(request, "maps/track_unknown.html", status=404))
    remember(request, report)
    form = PhotosForm(request.POST, request.FILES) if request.method == "POST" else PhotosForm()
    if form.is_valid():
        add_photos(request, report, form.cleaned_data["photos"])
        return HttpResponseRedirect(
            reverse("maps:track", args=[token]), status=HTTPStatus.SEE_OTHER
        )
    told = _told(request, report) | {"form": form}
    return _unlisted(render(request, "maps/track.html", told, status=422 if form.is_bound else 200))


def _told(request: HttpRequest, report: Report) -> dict:
    distortion = Distortion.objects.described().get(pk=report.distortion_id)
    photos = Photo.objects.visible_to(request.user, report.track_token)
    shown = list(photos.filter(distortion=distortion))
    level = level_on(report.element_id, timezone.localdate(report.observed_at))
    return {
        "report": report,
        "distortion": distortion,
        "parts": _parts(report),
        "is_joined": report.origin_id != report.distortion_id,
        "is_public": distortion.status in PUBLIC,
        "place": f"{report.geometry.centroid.y:.5f}, {report.geometry.centroid.x:.5f}",
        "is_rough": (report.accuracy_m or 0) > ROUGH_METRES,
        "own_photos": [photo for photo in shown if photo.report_id == report.pk],
        "after_photos": [photo for photo in shown if photo.kind == Photo.Kind.AFTER],
        "refused_photos": refused_photos(request, report),
        "may_add": may_still_add(report, by=request.user),
        "most_photos": MOST_PHOTOS,
        "level": level,
        "promised": level.in_words(distortion.severity),
        "timeline": timeline(distortion, staff=False),
        **last_reason(distortion),
    }


def _parts(report: Report) -> list[Report]:
    """Return the reports that were made of what else *report* named, or the one it was made of."""
    others = Report.objects.filter(Q(split_from=report) | Q(pk=report.split_from_id))
    return list(others.select_related("distortion", "element").order_by("number"))


def _unlisted(answer: HttpResponse) -> HttpResponse:
    """Keep the address out of search engines.

    Other sites are never told it either: `same-origin` is the policy of all pages. Not
    `no-referrer`, with which browsers send forms without their origin, and Django refuses those.
    """
    answer["X-Robots-Tag"] = "noindex"
    return answer
