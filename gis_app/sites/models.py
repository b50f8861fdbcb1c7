"""The registers of parks and of kiosk sites."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from gis_app.geo import crs
from gis_app.language import Named
from gis_app.sites.queries import SiteQuerySet


class Park(Named, models.Model):
    class Kind(models.TextChoices):
        PARK = "park", _("Park")
        GARDEN = "garden", _("Neighbourhood garden")
        PLAYGROUND = "playground", _("Playground")
        WALK = "walk", _("Walking trail")
        SQUARE = "square", _("Square")

    class Amenity(models.TextChoices):
        SHADE = "shade", _("Shade")
        SEATING = "seating", _("Seating")
        LIGHTING = "lighting", _("Lighting")
        PLAY = "play", _("Children's play")
        SPORT = "sport", _("Sports ground")
        WATER = "water", _("Drinking water")
        TOILETS = "toilets", _("Toilets")
        PARKING = "parking", _("Parking")
        ACCESS = "access", _("Wheelchair access")
        TRAIL = "trail", _("Walking path")

    code = models.CharField(_("code"), max_length=32, unique=True)
    district = models.ForeignKey(
        "places.District", models.PROTECT, related_name="parks", verbose_name=_("district")
    )
    name_ar = models.CharField(_("Arabic name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PARK)
    amenities = ArrayField(
        models.CharField(max_length=12, choices=Amenity),
        default=list,
        blank=True,
        verbose_name=_("amenities"),
    )
    boundary = models.MultiPolygonField(_("boundary"), srid=crs.WGS84)
    area_m2 = models.GeneratedField(
        expression=crs.SquareMetres("boundary"),
        output_field=models.FloatField(),
        db_persist=True,
        help_text=_("On the spheroid, in m²."),
        verbose_name=_("area (m²)"),
    )
    is_approximate = models.BooleanField(_("approximate"), default=False)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("park")
        verbose_name_plural = _("parks")


class KioskSite(Named, models.Model):
    class Status(models.TextChoices):
        CANDIDATE = "candidate", _("Candidate")
        APPROVED = "approved", _("Approved")
        PERMITTED = "permitted", _("Permitted")
        OPERATING = "operating", _("Operating")
        CLOSED = "closed", _("Closed")

    code = models.CharField(_("code"), max_length=32, unique=True)
    district = models.ForeignKey(
        "places.District", models.PROTECT, related_name="kiosks", verbose_name=_("district")
    )
    name_ar = models.CharField(_("Arabic name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.CANDIDATE)
    holder = models.CharField(
        _("holder"), max_length=120, blank=True, help_text=_("The public trade name.")
    )
    location = models.PointField(_("place"), srid=crs.WGS84)
    is_approximate = models.BooleanField(_("approximate"), default=False)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("kiosk site")
        verbose_name_plural = _("kiosk sites")


class KioskEvent(models.Model):
    """One change of a kiosk site's status: the register's memory."""

    kiosk = models.ForeignKey(
        KioskSite, models.CASCADE, related_name="events", verbose_name=_("kiosk site")
    )
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, verbose_name=_("person"))
    from_status = models.CharField(
        _("status before"), max_length=12, choices=KioskSite.Status, blank=True
    )
    to_status = models.CharField(_("status after"), max_length=12, choices=KioskSite.Status)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.kiosk.code}: {self.to_status}"
