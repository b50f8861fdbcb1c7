"""Which district a place belongs to."""
from django.contrib.gis.db import models


class DistrictQuerySet(models.QuerySet):
    pass
