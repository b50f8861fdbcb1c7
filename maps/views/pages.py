"""Pages of words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def about(request: HttpRequest) -> HttpResponse:
    """How the rates are counted, what is private, where the data are."""
    return render(request, "maps/about.html")
