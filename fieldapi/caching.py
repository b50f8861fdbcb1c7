"""The API's answers to those who have asked the same before."""

from collections.abc import Callable
from functools import partial, wraps

from django.core.cache import caches
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse

from gis_app import caching

Get = Callable[..., HttpResponseBase]
MOST_BYTES = 1_000_000  # of a kept answer: whoever asks may make it long, and ask for many


def until_the_next_step(get: Get) -> Get:
    """Answer 304, before any work, a reader who has all that *get* would tell."""
    return _until_the_next_step(get, lambda _tag, anew: anew())


def once_until_the_next_step(get: Get) -> Get:
    """The same; and who else asks it meanwhile is told what the first one was.

    For sums that many ask for alike. The tag tells apart who may not read alike.
    """
    return _until_the_next_step(get, _once)


def _until_the_next_step(get: Get, answer: Callable[[str, Get], HttpResponseBase]) -> Get:
    @wraps(get)
    def answered(view, request, **named):
        tag = caching.tag_of_version(request)
        anew = partial(get, view, request, **named)
        told = caching.unchanged(request, tag) or answer(tag, anew)
        return caching.kept(told, request, tag, seconds=caching.SECONDS)

    return answered


def _once(tag: str, anew: Get) -> HttpResponseBase:
    known = caches["answers"].get(tag)
    if known:
        content, content_type = known
        return HttpResponse(content, content_type=content_type)
    told = anew()
    if isinstance(told, SimpleTemplateResponse):  # the REST framework's: not written yet
        told.add_post_render_callback(partial(_keep, tag))
    else:
        _keep(tag, told)
    return told


def _keep(tag: str, told) -> None:
    if len(told.content) <= MOST_BYTES:
        caches["answers"].set(tag, (told.content, told["Content-Type"]))


def tagged_by_content(get: Callable[..., HttpResponse]) -> Get:
    """Answer 304 a reader who has the same bytes: for what is small and seldom changes."""

    @wraps(get)
    def answered(view, request, **named):
        told = get(view, request, **named)
        tag = caching.tag_of_content(told.content)
        told = caching.unchanged(request, tag) or told
        return caching.kept(told, request, tag, seconds=caching.SECONDS_OF_GROUND)

    return answered
