"""A place for whoever has no coordinates: a district, and what to look for there."""

from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _

from gis_app.errors import Refused
from gis_app.geo import crs
from gis_app.places.models import District


def rough_place(*, district: str, note: str) -> tuple[Point, float]:
    """Return the label point of the district with that code, and how wrong it can be, in metres.

    Refused without a *note* that says what to look for: nobody could find the thing by it.
    """
    found = District.objects.described().filter(code=district).first()
    if found is None:
        raise Refused(fields={"district": [_("This district is not known.")]})
    if not note.strip():
        raise Refused(
            fields={"place_note": [_("Name a street or a landmark, so that we can find it.")]}
        )
    return found.label_point, crs.metres_to_farthest(found.label_point, found.boundary)
