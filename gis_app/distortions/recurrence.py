"""What came back: treated, verified, and reported anew at the same place before long."""

from datetime import datetime, timedelta

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import F

from gis_app.catalogue.models import Element
from gis_app.distortions.models import Distortion
from gis_app.distortions.status import Status


def recurring_at(geometry: GEOSGeometry, *, element: Element, at: datetime) -> Distortion | None:
    """Return the verified distortion that has come back at *geometry* at that moment, or None.

    Of the same *element*, verified no longer before than the element's days and no farther than
    its metres, from shape to shape on a sphere: the nearest, of equally near ones the last verified.
    """
    window = (at - timedelta(days=element.recurrence_days), at)
    settled = Distortion.objects.filter(
        status=Status.VERIFIED, element=element, verified_at__range=window
    )
    near = settled.annotate(shape=F("geometry")).within(element.recurrence_metres, of=geometry)
    return near.order_by("distance", "-verified_at").first()
