"""The tables as they are, as far as they are published."""

from django.contrib.gis.db import models

PUBLIC = ("reported", "accepted", "assigned", "in_progress", "treated", "verified", "reopened")


class Element(models.Model):
    code = models.CharField(max_length=40)
    name_ar = models.CharField(max_length=120)
    unit = models.CharField(max_length=8)

    class Meta:
        managed = False
        db_table = "catalogue_element"

    def __str__(self) -> str:
        return self.code


class District(models.Model):
    code = models.CharField(max_length=40)

    class Meta:
        managed = False
        db_table = "places_district"

    def __str__(self) -> str:
        return self.code


class Distortion(models.Model):
    number = models.CharField(max_length=24)
    element = models.ForeignKey(Element, models.DO_NOTHING)
    district = models.ForeignKey(District, models.DO_NOTHING)
    public_geometry = models.GeometryField()
    status = models.CharField(max_length=12)
    severity = models.PositiveSmallIntegerField()
    first_reported_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    notice_until = models.DateTimeField(null=True)
    treated_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    quantity = models.FloatField(null=True)
    reports_count = models.PositiveIntegerField()
    supporters_count = models.PositiveIntegerField()

    class Meta:
        managed = False
        db_table = "distortions_distortion"

    def __str__(self) -> str:
        return self.number


def published():
    """Return what the public sees, newest first."""
    return (
        Distortion.objects.filter(status__in=PUBLIC)
        .select_related("element", "district")
        .order_by("-first_reported_at", "-number")
    )
