"""One thing on the ground, what was said about it, how it looks, and every move in its life."""

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

    number = models.CharField(max_length=24, unique=True)
    element = models.ForeignKey(Element, models.PROTECT, related_name="distortions")
    district = models.ForeignKey(District, models.PROTECT, related_name="distortions")
    geometry = models.GeometryField(srid=crs.WGS84, spatial_index=False)
    public_geometry = models.GeometryField(
        srid=crs.WGS84, spatial_index=False, help_text=_("Coarse where the exact place is private.")
    )
    is_private = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.REPORTED)
    severity = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=12, choices=Source, help_text=_("Of its first report."))
    reported_quantity = models.FloatField(null=True, blank=True)
    treated_quantity = models.FloatField(null=True, blank=True)
    quantity = models.GeneratedField(
        expression=Coalesce("treated_quantity", "reported_quantity"),
        output_field=models.FloatField(),
        db_persist=True,
    )
    reports_count = models.PositiveIntegerField(default=1)
    team = models.ForeignKey("treatment.Team", models.PROTECT, null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    first_reported_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    treated_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, help_text=_("The number of its steps."))

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

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    distortion = models.ForeignKey(Distortion, models.PROTECT, related_name="reports")
    element = models.ForeignKey(Element, models.PROTECT, related_name="+")
    geometry = models.GeometryField(srid=crs.WGS84, spatial_index=False)
    observed_at = models.DateTimeField()
    device_observed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("What the device said, when its clock was ahead.")
    )
    received_at = models.DateTimeField()
    accuracy_m = models.FloatField(null=True, blank=True)
    quantity = models.FloatField(null=True, blank=True)
    description = models.TextField(blank=True)
    place_note = models.CharField(max_length=300, blank=True)
    text_cleared_at = models.DateTimeField(null=True, blank=True)
    text_withheld_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Read, not to be shown.")
    )
    source = models.CharField(max_length=12, choices=Source)
    external_number = models.CharField(max_length=40, null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="reports")
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


class Step(models.Model):
    """One move. Insert-only: the database refuses UPDATE and DELETE. Words stand in StepText.

    It is read by its distortion alone: an index more would only slow down every move.
    """

    distortion = models.ForeignKey(Distortion, models.PROTECT, related_name="steps")
    uuid = models.UUIDField(unique=True)
    move = models.CharField(max_length=12)
    at = models.DateTimeField(help_text=_("When it happened."))
    recorded_at = models.DateTimeField(help_text=_("When the server learned of it."))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="steps", db_index=False)
    team = models.ForeignKey("treatment.Team", models.PROTECT, null=True, db_index=False)
    from_status = models.CharField(max_length=12, choices=Status, blank=True)
    to_status = models.CharField(max_length=12, choices=Status)
    from_district = models.ForeignKey(
        District, models.PROTECT, null=True, related_name="+", db_index=False
    )
    to_district = models.ForeignKey(District, models.PROTECT, related_name="+", db_index=False)
    from_element = models.ForeignKey(
        Element, models.PROTECT, null=True, related_name="+", db_index=False
    )
    to_element = models.ForeignKey(Element, models.PROTECT, related_name="+", db_index=False)
    from_quantity = models.FloatField(null=True)
    to_quantity = models.FloatField(null=True)
    due_at = models.DateTimeField(null=True, help_text=_("What was promised from here on."))
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text=_("SAR"))
    into = models.ForeignKey(
        Distortion, models.PROTECT, null=True, related_name="+", db_index=False
    )
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("pk",)
        indexes = (models.Index(fields=["distortion", "id"], name="step_history"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(from_status="")
                | Q(to_status=Status.REPORTED, from_district__isnull=True),
                name="first_step_is_from_nothing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.distortion.number} {self.move}"


class StepText(models.Model):
    """The words of a step. Beside it, so that personal text can be erased."""

    step = models.OneToOneField(Step, models.CASCADE, primary_key=True, related_name="text")
    reason = models.TextField(blank=True, help_text=_("Shown to the reporter."))
    note = models.TextField(blank=True, help_text=_("For staff only."))
    body = models.CharField(max_length=120, blank=True, help_text=_("To whom it was referred."))
    reference = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.reason[:60]


class Photo(models.Model):
    """One picture of a report or a distortion. The pixels are stored once per SHA-256 of what was sent."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("Before")
        AFTER = "after", _("After")

    token = models.CharField(max_length=32, unique=True, default=new_token)
    sha256 = models.CharField(max_length=64)
    distortion = models.ForeignKey(Distortion, models.PROTECT, related_name="photos")
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="photos")
    step = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="photos")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.BEFORE)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)
    withheld_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Looked at, not to be shown.")
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
