"""One thing on the ground, what was said about it, and how it looks; its moves are in steps.py."""

import secrets

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import User
from gis_app.catalogue.models import Element
from gis_app.distortions.queries import (
    ContactQuerySet,
    DistortionQuerySet,
    PhotoQuerySet,
    ReportQuerySet,
)
from gis_app.distortions.status import Status
from gis_app.distortions.steps import Step
from gis_app.geo import crs
from gis_app.language import Fold
from gis_app.places.models import District


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


class Distortion(models.Model):
    """Only `record_step` writes its status, district and element."""

    number = models.CharField(_("number"), max_length=24, unique=True)
    element = models.ForeignKey(
        Element, models.PROTECT, related_name="distortions", verbose_name=_("element")
    )
    district = models.ForeignKey(
        District, models.PROTECT, related_name="distortions", verbose_name=_("district")
    )
    geometry = models.GeometryField(_("exact place"), srid=crs.WGS84, spatial_index=False)
    public_geometry = models.GeometryField(
        _("public place"),
        srid=crs.WGS84,
        spatial_index=False,
        help_text=_("Coarse where the exact place is private."),
    )
    is_private = models.BooleanField(_("private"), default=False)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.REPORTED)
    severity = models.PositiveSmallIntegerField(_("severity"))
    source = models.CharField(
        _("source"), max_length=12, choices=Source, help_text=_("Of its first report.")
    )
    reported_quantity = models.FloatField(_("reported quantity"), null=True, blank=True)
    treated_quantity = models.FloatField(_("treated quantity"), null=True, blank=True)
    quantity = models.GeneratedField(
        expression=Coalesce("treated_quantity", "reported_quantity"),
        output_field=models.FloatField(),
        db_persist=True,
    )
    reports_count = models.PositiveIntegerField(_("reports"), default=1)
    team = models.ForeignKey(
        "treatment.Team", models.PROTECT, null=True, blank=True, verbose_name=_("team")
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    first_reported_at = models.DateTimeField(_("first reported"))
    due_at = models.DateTimeField(_("promised for"), null=True, blank=True)
    treated_at = models.DateTimeField(_("treated on"), null=True, blank=True)
    verified_at = models.DateTimeField(_("verified on"), null=True, blank=True)
    version = models.PositiveIntegerField(
        _("version"), default=1, help_text=_("The number of its steps.")
    )

    objects = DistortionQuerySet.as_manager()

    class Meta:
        verbose_name = _("distortion")
        verbose_name_plural = _("distortions")
        indexes = (
            GistIndex(fields=["geometry"], name="distortion_geometry"),
            GistIndex(fields=["public_geometry"], name="distortion_public_geometry"),
            models.Index(
                F("first_reported_at").desc(), F("number").desc(), name="distortion_newest"
            ),
            models.Index(fields=["district", "status"], name="distortion_district_status"),
            models.Index(fields=["status", "first_reported_at"], name="distortion_queue"),
            models.Index(fields=["team", "status"], name="distortion_team"),
            models.Index(
                F("verified_at").desc(),
                name="distortion_verified_last",
                condition=Q(status=Status.VERIFIED),
            ),
            GinIndex(OpClass("number", "gin_trgm_ops"), name="distortion_number"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(status=Status.MERGED, merged_into__isnull=False)
                | (~Q(status=Status.MERGED) & Q(merged_into__isnull=True)),
                name="merged_has_a_survivor",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(Status.TREATED, Status.VERIFIED))
                | Q(treated_at__isnull=False),
                name="treated_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.VERIFIED) | Q(verified_at__isnull=False),
                name="verified_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gte=0),
                name="quantity_not_negative",
            ),
        )

    def __str__(self) -> str:
        return self.number

    def survivor(self) -> "Distortion":
        """What it was merged into, to the end of the chain; itself when it was not."""
        found = self
        while found.merged_into:
            found = found.merged_into
        return found


class Report(models.Model):
    """What somebody said about a distortion. The client makes the id, so that a resend is harmless."""

    id = models.UUIDField(_("identifier"), primary_key=True)
    number = models.CharField(_("number"), max_length=24, unique=True)
    distortion = models.ForeignKey(
        Distortion, models.PROTECT, related_name="reports", verbose_name=_("distortion")
    )
    element = models.ForeignKey(
        Element, models.PROTECT, related_name="+", verbose_name=_("element")
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
        verbose_name=_("person"),
    )
    track_token = models.CharField(max_length=32, unique=True, default=new_token)
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
        )
        constraints = (
            models.UniqueConstraint(
                fields=["source", "external_number"], name="one_report_per_external_number"
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

    objects = ContactQuerySet.as_manager()

    def __str__(self) -> str:
        return self.report.number


class Photo(models.Model):
    """One picture of a report or a distortion. The pixels are stored once per SHA-256 of what was sent."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("Before")
        AFTER = "after", _("After")

    token = models.CharField(max_length=32, unique=True, default=new_token)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    distortion = models.ForeignKey(
        Distortion, models.PROTECT, related_name="photos", verbose_name=_("distortion")
    )
    report = models.ForeignKey(
        Report,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="photos",
        verbose_name=_("report"),
    )
    step = models.ForeignKey(
        Step, models.PROTECT, null=True, blank=True, related_name="photos", verbose_name=_("step")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.BEFORE)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    added_at = models.DateTimeField(_("added"))
    cleared_at = models.DateTimeField(_("published"), null=True, blank=True)
    withheld_at = models.DateTimeField(
        _("withheld"), null=True, blank=True, help_text=_("Looked at, not to be shown.")
    )

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=["distortion"],
                name="photo_uncleared",
                condition=Q(cleared_at=None, withheld_at=None),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["distortion", "report", "sha256"],
                nulls_distinct=False,
                name="one_photo_per_sha256",
            ),
        )

    def __str__(self) -> str:
        return f"{self.distortion.number} {self.kind}"
