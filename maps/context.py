"""What every page knows: whose city it is, who reads, and where the languages switch."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from gis_app.distortions.contacts import may_look
from gis_app.distortions.letters import undelivered
from gis_app.places.models import Amana


def site(request: HttpRequest) -> dict[str, object]:
    """Return the amana whose name the pages carry, the basemap, and the page's own address."""
    user = getattr(request, "user", None)
    return {
        "amana": SimpleLazyObject(_amana),
        "is_demo": settings.RASD_EMBEDDED,
        "is_city_staff": bool(user and user.is_authenticated and user.is_city_staff),
        "reads_contacts": user is not None and may_look(user),
        "undelivered_count": lambda: undelivered(user).count(),  # asked where it is shown
        "here": request.get_full_path(),
        "basemap": {"url": settings.BASEMAP_URL, "attribution": settings.BASEMAP_ATTRIBUTION},
    }


def _amana() -> Amana | None:
    rows = Amana.objects.defer("outline")
    return (rows.filter(code=settings.RASD_AMANA) or rows.order_by("pk")).first()
