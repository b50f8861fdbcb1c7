"""How parks and kiosk sites are asked for."""

from functools import reduce
from operator import or_

from django.db.models import Q

from gis_app.geo.filters import BBoxFilter, CodesFilter, StrictFilterSet
from gis_app.places.filters import codes_of
from gis_app.places.models import District
from gis_app.sites.models import KioskSite, Park
from gis_app.treatment.filters import TreatedDistortionFilter


class SiteFilter(StrictFilterSet):
    district = CodesFilter("district__code", choices=codes_of(District))


class ParkFilter(SiteFilter):
    code = CodesFilter("code", choices=codes_of(Park))
    bbox = BBoxFilter("boundary")
    kind = CodesFilter("kind", choices=lambda: Park.Kind.values)


class KioskFilter(SiteFilter):
    bbox = BBoxFilter("location")
    status = CodesFilter("status", choices=lambda: KioskSite.Status.values)


class SitedDistortionFilter(TreatedDistortionFilter):
    """Distortions, also by the park that they lie in."""

    park = CodesFilter(method="inside_park", choices=codes_of(Park))

    def inside_park(self, rows, name, codes):
        """Keep what touches one of the parks, as far as the reader may know the place."""
        if not codes:
            return rows
        # Their boundaries as values: the index of the distortions finds what lies in each.
        grounds = Park.objects.filter(code__in=codes).values_list("boundary", flat=True)
        return rows.filter(reduce(or_, (Q(shape__intersects=ground) for ground in grounds)))
