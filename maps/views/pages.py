"""Pages of words."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gis_app.distortions.status import PUBLIC


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """How the rates are counted, what is private, where the data are."""
    return render(request, "maps/about.html", {"few": settings.RASD_FEW, "statuses": PUBLIC})
