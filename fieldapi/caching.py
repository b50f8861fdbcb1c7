"""The API's answers to those who have asked the same before."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from gis_app import caching


def until_the_next_step(get: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer 304, before any work, a reader who has all that *get* would tell."""

    @wraps(get)
    def answered(view, request, **named):
        tag = caching.tag_of_version(request)
        told = caching.unchanged(request, tag) or get(view, request, **named)
        return caching.kept(told, request, tag, seconds=caching.SECONDS)

    return answered


def tagged_by_content(get: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Answer 304 a reader who has the same bytes: for what is small and seldom changes."""

    @wraps(get)
    def answered(view, request, **named):
        told = get(view, request, **named)
        tag = caching.tag_of_content(told.content)
        told = caching.unchanged(request, tag) or told
        return caching.kept(told, request, tag, seconds=caching.SECONDS_OF_GROUND)

    return answered
