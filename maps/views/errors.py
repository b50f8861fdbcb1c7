"""Pages for what went wrong: what happened, what is safe, what to do."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gis_app.problem import CONTENT_TYPE, problem


def bad_request(request: HttpRequest, exception=None) -> HttpResponse:
    return _answer(request, 400, _("This request cannot be read."))


def forbidden(request: HttpRequest, exception=None) -> HttpResponse:
    return _answer(request, 403, _("You may not see this."))


def not_found(request: HttpRequest, exception=None) -> HttpResponse:
    return _answer(request, 404, _("Nothing is here."))


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500, _("Something failed on our side. Nothing you sent was lost."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(
        request, 403, _("The page was open for too long. Go back, reload it, send again.")
    )


def _answer(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(problem(status, detail), status=status, content_type=CONTENT_TYPE)
    return render(request, "error.html", {"status_code": status, "detail": detail}, status=status)
