"""Between the server and the doors: the language, and the domain's refusals."""

from http import HTTPStatus

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.urls import get_resolver
from django.utils import translation

from gis_app.errors import Refused
from gis_app.problem import CONTENT_TYPE, problem

API = "/api/"
FOREIGN = ("utm_", "fbclid=", "gclid=", "igsh=", "igshid=", "msclkid=", "ttclid=", "twclid=")


class LanguageMiddleware(LocaleMiddleware):
    """Arabic first: a person reads English only after choosing it, a program asks by its header."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith(API):
            super().process_request(request)
            return
        chosen = request.COOKIES.get("django_language", "")
        translation.activate(chosen if chosen in ("ar", "en") else "ar")
        request.LANGUAGE_CODE = translation.get_language()


class NoNulMiddleware:
    """Refuse NUL in an address or a cookie: PostgreSQL neither stores nor compares it.

    Forms and bodies refuse it field by field.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # A quoted cookie can hold it as \000.
        if "%00" in request.META["QUERY_STRING"] or "\0" in "".join(request.COOKIES.values()):
            raise BadRequest("NUL")
        return self.get_response(request)


class ForeignMarksMiddleware:
    """Drop from a page's address what other sites hang on whatever is shared there.

    A filter that is not known is refused; of these whoever follows the link knows nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        query = request.META["QUERY_STRING"]
        if query and not request.path.startswith(API):
            own = [pair for pair in query.split("&") if not pair.startswith(FOREIGN)]
            request.META["QUERY_STRING"] = "&".join(own)
        return self.get_response(request)


class RefusalMiddleware:
    """Answer what the domain refuses with its reason: a page for people, problem+json for programs."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self.get_response(request)
        if answer.status_code == HTTPStatus.NOT_FOUND and request.resolver_match is None:
            return _nothing_here(request)  # the same page with DEBUG on
        return answer

    def process_exception(self, request, error):
        if isinstance(error, Http404):
            return _nothing_here(request)
        if not isinstance(error, Refused):
            return None  # a real bug: let it crash where it can be seen
        if request.path.startswith(API) or not request.accepts("text/html"):
            body = problem(error.status, str(error), fields=error.fields, **error.extra)
            answer: HttpResponse = JsonResponse(
                body, status=error.status, content_type=CONTENT_TYPE
            )
        else:
            answer = render(request, "refused.html", {"refusal": error}, status=error.status)
        if "retry_after" in error.extra:
            answer["Retry-After"] = str(error.extra["retry_after"])
        return answer


def _nothing_here(request: HttpRequest) -> HttpResponse:
    return get_resolver().resolve_error_handler(HTTPStatus.NOT_FOUND)(request)
