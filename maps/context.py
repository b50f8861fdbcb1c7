"""What every page knows: whose city it is, who reads, and where the languages switch."""

from django.conf import settings
from django.http import HttpRequest

from gis_app.distortions.contacts import may_look
from gis_app.places.registers import amana_of_pages


def site(request: HttpRequest) -> dict[str, object]:
    """Return the amana whose name the pages carry, the basemap, and the page's own address."""
    user = getattr(request, "user", None)
    return {
        "amana": amana_of_pages,
        "is_demo": settings.RASD_EMBEDDED,
        "is_city_staff": bool(user and user.is_authenticated and user.is_city_staff),
        "reads_contacts": user is not None and may_look(user),
        "here": request.get_full_path(),
        "basemap": {"url": settings.BASEMAP_URL, "attribution": settings.BASEMAP_ATTRIBUTION},
    }
