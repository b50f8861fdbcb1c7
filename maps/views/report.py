"""Being written."""

from django.http import HttpRequest, HttpResponse


def page(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("")
