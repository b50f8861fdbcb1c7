"""What somebody said about a distortion, how to reach her, and who has looked at that."""

import secrets

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import User
from gis_app.catalogue.models import Element
from gis_app.distortions.queries import ContactLookQuerySet, ContactQuerySet, ReportQuerySet
from gis_app.geo import crs
from gis_app.language import Fold


def new_token() -> str:
    """Return an address that cannot be guessed."""
    return secrets.token_urlsafe(18)


class Source(models.TextChoices):
    FIELD = "field", _("Field inspection")
    RESIDENT = "resident", _("Resident")
    CALL_940 = "940", "940"
    BALADY = "balady", _("Balady")
    WHATSAPP = "whatsapp", _("WhatsApp")
    BODY = "body", _("Another body")


class Report(models.Model):
    """What somebody said about a distortion. The client makes the id, so that a resend is harmless."""

    id = models.UUIDField(_("identifier"), primary_key=True)
    number = models.CharField(_("number"), max_length=24)
    distortion = models.ForeignKey(
        "distortions.Distortion",
        models.PROTECT,
        related_name="reports",
        verbose_name=_("distortion"),
    )
    origin = models.ForeignKey(
        "distortions.Distortion",
        models.PROTECT,
        related_name="+",
        help_text=_("What it came to first: an undone merge gives it back."),
    )
    split_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        db_index=False,
        verbose_name=_("split from"),
    )
    element = models.ForeignKey(
        Element, models.PROTECT, related_name="+", db_index=False, verbose_name=_("element")
    )
    geometry = models.GeometryField(_("exact place"), srid=crs.WGS84, spatial_index=False)
    observed_at = models.DateTimeField(_("observed"))
    device_observed_at = models.DateTimeField(
        _("observed by the device"),
        null=True,
        blank=True,
        help_text=_("What the device said, when its clock was ahead."),
    )
    received_at = models.DateTimeField(_("received"))
    accuracy_m = models.FloatField(_("accuracy (m)"), null=True, blank=True)
    quantity = models.FloatField(_("quantity"), null=True, blank=True)
    description = models.TextField(_("description"), blank=True)
    place_note = models.CharField(_("street or landmark"), max_length=300, blank=True)
    text_cleared_at = models.DateTimeField(_("text published"), null=True, blank=True)
    text_withheld_at = models.DateTimeField(
        _("text withheld"), null=True, blank=True, help_text=_("Read, not to be shown.")
    )
    source = models.CharField(_("source"), max_length=12, choices=Source)
    external_number = models.CharField(_("external number"), max_length=40, null=True, blank=True)
    by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        db_index=False,
        verbose_name=_("person"),
    )
    supporter = models.CharField(
        max_length=64, blank=True, help_text=_("A keyed hash: one person or device counts once.")
    )
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    erased_at = models.DateTimeField(
        _("erased"), null=True, blank=True, help_text=_("When its personal data was removed.")
    )
    track_token = models.CharField(max_length=32, default=new_token)
    content_hash = models.CharField(max_length=64)
    folded = models.GeneratedField(
        expression=Fold("description"), output_field=models.TextField(), db_persist=True
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = (
            GinIndex(OpClass("folded", "gin_trgm_ops"), name="report_folded"),
            models.Index(
                fields=["distortion"],
                name="report_uncleared",
                condition=Q(text_cleared_at=None, text_withheld_at=None) & ~Q(description=""),
            ),
            # Few have these: the others need not be written there.
            *(
                models.Index(
                    fields=[name], name=f"report_{name}", condition=Q(**{f"{name}__isnull": False})
                )
                for name in ("split_from", "by")
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["source", "external_number"],
                condition=Q(external_number__isnull=False),
                name="one_report_per_external_number",
            ),
            # Not `unique`, with which Django makes another index, of patterns.
            models.UniqueConstraint(fields=["number"], name="distortions_report_number_key"),
            models.UniqueConstraint(
                fields=["track_token"], name="distortions_report_track_token_key"
            ),
        )

    def __str__(self) -> str:
        return self.number


class Contact(models.Model):
    """How to reach the reporter. A table of its own, so that it is joined to nothing and can be erased."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="contact")
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True, help_text=_("E.164"))
    email = models.EmailField(blank=True)
    stop_token = models.CharField(max_length=32, unique=True, default=new_token)
    stopped_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Asked for no more messages.")
    )

    objects = ContactQuerySet.as_manager()

    def __str__(self) -> str:
        return self.report.number


class ContactLook(models.Model):
    """Somebody on the desk looked at how to reach a reporter. Insert-only; outlives the contact."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="looks")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("time"))

    objects = ContactLookQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at a contact")
        verbose_name_plural = _("looks at contacts")

    def __str__(self) -> str:
        return f"{self.report.number} {self.at:%Y-%m-%d %H:%M}"
