"""Photos at their unguessable addresses, for those who may see them."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from gis_app.distortions import photos
from maps.sending import TRACKS

A_DAY = 24 * 3600  # seconds; not for ever: a photo can still be withheld


@require_safe
def photo(request: HttpRequest, token: str, size: str) -> FileResponse:
    """A photo as JPEG; what is not public yet opens for staff, and in its sender's own browser."""
    tracks = [request.GET.get("track", ""), *reversed(request.session.get(TRACKS, []))]
    for track in tracks:
        opened = photos.open_for(token, size, user=request.user, track=track)
        if opened:
            kept = f"public, max-age={A_DAY}" if opened.is_public else "private, no-store"
            return FileResponse(
                opened.file,
                content_type="image/jpeg",
                headers={"Cache-Control": kept, "X-Content-Type-Options": "nosniff"},
            )
    raise Http404
