"""Parks and kiosk sites as lists show them, and what lies inside a park."""

from django.contrib.gis.db import models
from django.db.models import F

from gis_app.distortions.models import Distortion
from gis_app.language import named


class SiteQuerySet(models.QuerySet):
    def described(self):
        """Annotate `name`, `district_code` and `district_name`, in the active language."""
        return self.annotate(
            name=named(), district_code=F("district__code"), district_name=named("district__name")
        )


def distortions_inside(park, user):
    """Return the distortions that *user* may see and whose place, as *user* may know it, is in
    *park*.
    """
    return Distortion.objects.visible_to(user).filter(shape__intersects=park.boundary)
