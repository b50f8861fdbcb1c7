"""Photos at their unguessable addresses, for those who may see them."""

from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from gis_app.distortions import photos
from gis_app.distortions.photos import Opened
from maps.sending import TRACKS

# Caches may keep it, and ask each time whether it still is what it was: from the moment when a
# photo is blurred or withheld nobody is shown it any more.
PUBLIC, PRIVATE = "public, no-cache", "private, no-store"


@require_safe
def photo(request: HttpRequest, token: str, size: str) -> HttpResponse:
    """A photo as JPEG; what is not public yet opens for staff, and in its sender's own browser."""
    opened = _opened(request, token, size)
    if opened is None:
        raise Http404
    headers = {
        "Cache-Control": PUBLIC if opened.is_public else PRIVATE,
        "X-Content-Type-Options": "nosniff",
        "ETag": opened.etag,
    }
    empty = HttpResponse(headers=headers)
    told: HttpResponse = get_conditional_response(request, etag=opened.etag, response=empty)
    if told is empty:
        return FileResponse(opened.file, content_type="image/jpeg", headers=headers)
    opened.file.close()
    return told


def _opened(request: HttpRequest, token: str, size: str) -> Opened | None:
    """Open the photo for *request*. For one that is public no session is read: caches share it."""
    public = photos.open_for(token, size, user=AnonymousUser())
    if public:
        return public
    tracks = [request.GET.get("track", ""), *reversed(request.session.get(TRACKS, []))]
    for track in tracks:
        opened = photos.open_for(token, size, user=request.user, track=track)
        if opened:
            return opened
    return None
