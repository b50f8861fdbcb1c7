"""Being written."""

from django.http import HttpRequest, HttpResponse


def page(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("")


def clusters(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("")


def layer(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("")
