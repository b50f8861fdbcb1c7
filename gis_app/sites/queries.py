"""Parks and kiosk sites as lists show them."""

from django.contrib.gis.db import models
from django.db.models import F

from gis_app.language import named


class SiteQuerySet(models.QuerySet):
    def described(self):
        """Annotate `name`, `district_code` and `district_name`, in the active language."""
        return self.annotate(
            name=named(), district_code=F("district__code"), district_name=named("district__name")
        )
