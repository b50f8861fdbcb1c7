"""Being written."""

from django.http import HttpRequest, HttpResponse


def queue(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("")


def clear(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("")


def case(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("")
