"""Being written."""

from django.http import HttpRequest, HttpResponse


def move(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse("")
