"""How parks and kiosk sites are asked for."""

from gis_app.geo.filters import BBoxFilter, CodesFilter, StrictFilterSet
from gis_app.places.filters import codes_of
from gis_app.places.models import District
from gis_app.sites.models import KioskSite, Park


class SiteFilter(StrictFilterSet):
    district = CodesFilter("district__code", choices=codes_of(District))


class ParkFilter(SiteFilter):
    bbox = BBoxFilter("boundary")
    kind = CodesFilter("kind", choices=lambda: Park.Kind.values)


class KioskFilter(SiteFilter):
    bbox = BBoxFilter("location")
    status = CodesFilter("status", choices=lambda: KioskSite.Status.values)
