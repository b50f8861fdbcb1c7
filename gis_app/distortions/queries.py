from django.contrib.gis.db import models


class DistortionQuerySet(models.QuerySet):
    pass


class ReportQuerySet(models.QuerySet):
    pass


class PhotoQuerySet(models.QuerySet):
    pass
