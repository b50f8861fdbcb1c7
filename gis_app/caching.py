"""Answers that may be kept by whoever asked, or by caches on the way: for how long, and until when.

What counts distortions is good until the next step: a tag of the version lets the reader ask
whether there was one, and costs one small question. What seldom changes bears a mark of its bytes.
"""

import hashlib

from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from gis_app.feeds import audience
from gis_app.language import active
from gis_app.progress.version import version

ANYBODY = "public, max-age={seconds}, stale-while-revalidate=600"
ONE_READER = "private, no-cache"  # she may see more than the next one in this browser
SECONDS, SECONDS_OF_GROUND = 30, 600
VARY = ("Accept-Language", "Authorization", "Cookie")


def tag_of_version(request) -> str:
    """Return the tag of what *request* is answered as long as the version is the same."""
    reader = (audience(request.user), active(), request.build_absolute_uri())
    return _tag("\n".join((version(), str(timezone.localdate()), *reader)).encode())


def tag_of_content(body: bytes) -> str:
    """Return the tag of these bytes."""
    return _tag(body)


def unchanged(request, tag: str) -> HttpResponseBase | None:
    """Return "not modified" for a reader who has what *tag* stands for; None for all others."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return HttpResponseNotModified() if tag in known or "*" in known else None


def kept(answer: HttpResponseBase, request, tag: str, *, seconds: int) -> HttpResponseBase:
    """Say on *answer* who may keep it: anybody for *seconds*, unless it was made for one reader."""
    answer["ETag"] = tag
    is_public = request.user.is_anonymous
    answer["Cache-Control"] = ANYBODY.format(seconds=seconds) if is_public else ONE_READER
    patch_vary_headers(answer, VARY)
    return answer


def _tag(of: bytes) -> str:
    return f'W/"{hashlib.sha256(of).hexdigest()[:20]}"'
