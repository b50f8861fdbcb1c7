"""What a browser sends besides a report: its photos, which reports it has opened, and which it is."""

import re
from collections.abc import Iterable

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from gis_app.accounts.client import client_of
from gis_app.distortions.models import Report, new_token
from gis_app.distortions.photo_actions import add_photo
from gis_app.distortions.photos import MAX_BYTES, sha256_of
from gis_app.errors import Refused

TRACKS = "tracks"  # private addresses that this browser may open, newest last
MOST_TRACKS = 20
REFUSED_PHOTOS = "refused_photos"
DEVICE = "device"  # a cookie: so that one browser counts once, and nothing else is read from it
TWO_YEARS_S = 2 * 365 * 24 * 3600


def device_of(request: HttpRequest) -> str:
    """Return the random text that this browser keeps; a new one when it has none."""
    kept = request.COOKIES.get(DEVICE, "")
    return kept if re.fullmatch(r"[A-Za-z0-9_-]{24}", kept) else new_token()


def keep_device(answer: HttpResponse, device: str) -> HttpResponse:
    """Let the browser that is given *answer* keep *device*; no script can read it."""
    answer.set_cookie(
        DEVICE,
        device,
        max_age=TWO_YEARS_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


def remember(request: HttpRequest, report: Report) -> None:
    """Let this browser open the photos of *report* before they are cleared."""
    known = request.session.get(TRACKS, [])
    if report.track_token not in known:
        request.session[TRACKS] = [*known, report.track_token][-MOST_TRACKS:]


def whole(file: UploadedFile) -> tuple[bytes, str]:
    """Return the bytes of *file* and their SHA-256; of a file that is too large only its beginning."""
    data = file.read(MAX_BYTES + 1)  # one more byte tells that it is too large
    return data, sha256_of(data)


def add_photos(request: HttpRequest, report: Report, files: Iterable[UploadedFile]) -> None:
    """Add each of *files* to *report*; what was refused, and why, stays for its page to say."""
    refused = []
    for file in files:
        data, sha256 = whole(file)
        try:
            add_photo(
                data=data,
                sha256=sha256,
                by=request.user,
                report=report,
                client=client_of(request),
            )
        except Refused as refusal:
            refused.append((file.name, str(refusal)))
    request.session[REFUSED_PHOTOS] = {report.track_token: refused}


def refused_photos(request: HttpRequest, report: Report) -> list[tuple[str, str]]:
    """The photos that were refused when this browser last added some: name and reason."""
    return request.session.get(REFUSED_PHOTOS, {}).get(report.track_token, [])
