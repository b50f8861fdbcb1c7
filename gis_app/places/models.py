"""The city's ground: amana, sub-municipalities, districts with dated boundaries, streets."""

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from gis_app.geo import crs
from gis_app.language import Fold, Named
from gis_app.places.ground import GroundSquare, Sight
from gis_app.places.queries import DistrictQuerySet, JurisdictionQuerySet

__all__ = [
    "Amana",
    "District",
    "DistrictVersion",
    "GroundSquare",
    "Jurisdiction",
    "Sight",
    "Street",
    "SubMunicipality",
]


class DateRange(Func):
    """The days from valid_from until (not including) valid_to."""

    function = "daterange"
    output_field = DateRangeField()


def _no_two_at_once(*, name: str, of: str) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[
            (of, RangeOperators.EQUAL),
            (DateRange("valid_from", "valid_to", RangeBoundary()), RangeOperators.OVERLAPS),
        ],
    )


class Amana(Named, models.Model):
    code = models.SlugField(_("code"), unique=True)
    prefix = models.CharField(
        _("prefix of numbers"),
        max_length=4,
        unique=True,
        help_text=_("Begins every number: TF-26-000123."),
    )
    name_ar = models.CharField(_("Arabic name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    outline = models.MultiPolygonField(
        srid=crs.WGS84,
        null=True,
        editable=False,
        help_text=_("The districts and the gaps between them."),
    )
    gap_metres = models.PositiveIntegerField(
        _("reach into gaps (m)"),
        default=250,
        help_text=_("A place in a gap belongs to the nearest district within this distance."),
    )

    class Meta:
        verbose_name = _("amana")
        verbose_name_plural = _("amanas")


class SubMunicipality(Named, models.Model):
    amana = models.ForeignKey(
        Amana, models.PROTECT, related_name="sub_municipalities", verbose_name=_("amana")
    )
    code = models.SlugField(_("code"), unique=True)
    name_ar = models.CharField(_("Arabic name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("sub-municipality")
        verbose_name_plural = _("sub-municipalities")


class District(Named, models.Model):
    """A part of the city with a stable code; where it lies is told by its versions."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("District")
        VILLAGE = "village", _("Village")
        CENTRE = "centre", _("Centre")
        ROAD = "road", _("Road")

    amana = models.ForeignKey(
        Amana, models.PROTECT, related_name="districts", verbose_name=_("amana")
    )
    code = models.CharField(_("code"), max_length=32, unique=True)
    name_ar = models.CharField(_("Arabic name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.DISTRICT)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    folded = models.GeneratedField(
        expression=Fold(Concat("name_ar", Value(" "), "name_en", Value(" "), "code")),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        indexes = (GinIndex(OpClass("folded", "gin_trgm_ops"), name="district_folded"),)


class DistrictVersion(models.Model):
    """Where a district lay between two dates. The one with no end is in force."""

    district = models.ForeignKey(District, models.CASCADE, related_name="versions")
    boundary = models.MultiPolygonField(srid=crs.WGS84)
    label_point = models.PointField(srid=crs.WGS84, help_text=_("Inside the boundary."))
    area_m2 = models.GeneratedField(
        expression=crs.SquareMetres("boundary"),
        output_field=models.FloatField(),
        db_persist=True,
        help_text=_("On the spheroid, in m²."),
        verbose_name=_("area (m²)"),
    )
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("in force until"), null=True, blank=True)
    is_approximate = models.BooleanField(_("approximate"), default=False)

    class Meta:
        verbose_name = _("district boundary")
        verbose_name_plural = _("district boundaries")
        constraints = (
            _no_two_at_once(name="one_boundary_at_a_time", of="district"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="boundary_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.district.code} {self.valid_from}"


class Jurisdiction(models.Model):
    """Which sub-municipality a district belonged to between two dates."""

    district = models.ForeignKey(
        District, models.CASCADE, related_name="jurisdictions", verbose_name=_("district")
    )
    sub_municipality = models.ForeignKey(
        SubMunicipality,
        models.PROTECT,
        related_name="jurisdictions",
        verbose_name=_("sub-municipality"),
    )
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("in force until"), null=True, blank=True)

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        constraints = (_no_two_at_once(name="one_sub_municipality_at_a_time", of="district"),)

    def __str__(self) -> str:
        return f"{self.district.code}: {self.sub_municipality.code}"


class Street(Named, models.Model):
    """A street of the city's own data, drawn so that a place can be found on the map."""

    class Kind(models.TextChoices):
        RING = "ring", _("Ring road")
        MAIN = "main", _("Main road")
        LOCAL = "local", _("Local street")

    amana = models.ForeignKey(
        Amana, models.CASCADE, related_name="streets", verbose_name=_("amana")
    )
    name_ar = models.CharField(_("Arabic name"), max_length=120, blank=True)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    line = models.LineStringField(_("course"), srid=crs.WGS84)

    class Meta:
        verbose_name = _("street")
        verbose_name_plural = _("streets")
