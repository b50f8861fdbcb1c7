"""One thing on the ground. Its moves are in steps.py, what was said of it in reports.py."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.models import Element
from gis_app.distortions.pictures import Photo, PhotoLikeness, PhotoLook
from gis_app.distortions.queries import DistortionQuerySet
from gis_app.distortions.reports import Contact, ContactLook, Report, Source, new_token
from gis_app.distortions.status import OPEN, STANDING, PauseReason, Status
from gis_app.distortions.steps import Step, StepText
from gis_app.geo import crs
from gis_app.places.models import District

__all__ = [
    "Contact",
    "ContactLook",
    "Distortion",
    "Photo",
    "PhotoLikeness",
    "PhotoLook",
    "Report",
    "Source",
    "Step",
    "StepText",
    "new_token",
]


class Distortion(models.Model):
    """Only `record_step` writes its status, district and element."""

    number = models.CharField(_("number"), max_length=24)
    element = models.ForeignKey(
        Element, models.PROTECT, related_name="distortions", verbose_name=_("element")
    )
    district = models.ForeignKey(
        District,
        models.PROTECT,
        related_name="distortions",
        db_index=False,
        verbose_name=_("district"),
    )  # distortion_oldest begins with it
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
    supporters_count = models.PositiveIntegerField(
        _("people"), default=1, help_text=_("Persons or devices that reported it.")
    )
    team = models.ForeignKey(
        "treatment.Team",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("team"),
    )  # distortion_team begins with it
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    recurrence_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="recurrences",
        verbose_name=_("recurrence of"),
    )
    split_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="parts",
        verbose_name=_("split from"),
    )
    job = models.ForeignKey(
        "treatment.Job",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="distortions",
        verbose_name=_("job"),
    )
    first_reported_at = models.DateTimeField(_("first reported"))
    due_at = models.DateTimeField(_("promised for"), null=True, blank=True)
    treated_at = models.DateTimeField(_("treated on"), null=True, blank=True)
    verified_at = models.DateTimeField(_("verified on"), null=True, blank=True)
    clock_from = models.DateTimeField(
        _("clock runs from"),
        null=True,
        blank=True,
        help_text=_("Acceptance or reopening, after the owner's notice."),
    )
    notice_until = models.DateTimeField(_("owner's notice until"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    pause_reason = models.CharField(_("paused for"), max_length=12, choices=PauseReason, blank=True)
    paused_seconds = models.PositiveBigIntegerField(
        default=0, help_text=_("Working time of all its pauses.")
    )
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
            models.Index(
                fields=["district", "status", "first_reported_at"], name="distortion_oldest"
            ),
            models.Index(
                fields=["due_at"],
                name="distortion_promised",
                condition=Q(status__in=OPEN, paused_at=None),
            ),
            models.Index(fields=["status", "first_reported_at"], name="distortion_queue"),
            models.Index(fields=["team", "status"], name="distortion_team"),
            # What the teams have before them is counted from it alone.
            models.Index(
                fields=["team"],
                name="distortion_at_work",
                condition=Q(status__in=(Status.ASSIGNED, Status.IN_PROGRESS)),
            ),
            models.Index(
                F("verified_at").desc(),
                include=["element", "district", "team"],  # whose treatments last is counted by them
                name="distortion_verified_last",
                condition=Q(status=Status.VERIFIED),
            ),
            # The public place: that is what a reporter may be told of, and mostly the exact one.
            GistIndex(
                fields=["element", "public_geometry"],
                name="distortion_same",
                condition=Q(status__in=STANDING),
            ),
            # All that the index of visual distortion reads, so that it need not read the rows.
            models.Index(
                fields=["district"],
                include=["element", "severity", "status", "quantity", "first_reported_at"],
                name="distortion_standing",
                condition=Q(status__in=STANDING),
            ),
            # The order of the desk's queues, of several statuses and of one: never sorted.
            models.Index(
                F("severity").desc(),
                F("first_reported_at"),
                F("number"),
                name="distortion_open_in_order",
                condition=Q(status__in=OPEN),
            ),
            models.Index(
                fields=["first_reported_at", "number"],
                name="distortion_open_oldest",
                condition=Q(status__in=OPEN),
            ),
            models.Index(
                F("status"),
                F("severity").desc(),
                F("first_reported_at"),
                F("number"),
                name="distortion_in_order",
                condition=Q(status__in=(Status.REPORTED, Status.TREATED, Status.REFERRED)),
            ),
            GistIndex(
                fields=["element", "geometry"],
                name="distortion_settled",
                condition=Q(status=Status.VERIFIED),
            ),
            GinIndex(OpClass("number", "gin_trgm_ops"), name="distortion_number"),
            # Few have these: the others need not be written there.
            *(
                models.Index(
                    fields=[name],
                    name=f"distortion_{name}",
                    condition=Q(**{f"{name}__isnull": False}),
                )
                for name in ("merged_into", "recurrence_of", "split_from", "job")
            ),
        )
        constraints = (
            # Not `unique`, with which Django makes another index, of patterns.
            models.UniqueConstraint(fields=["number"], name="distortions_distortion_number_key"),
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
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, pause_reason="")
                | (Q(paused_at__isnull=False) & ~Q(pause_reason="")),
                name="paused_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_on_notice(self) -> bool:
        """Whether its owner still has time to deal with it himself."""
        return (
            self.status in OPEN
            and self.notice_until is not None
            and self.notice_until > timezone.now()
        )

    def survivor(self) -> "Distortion":
        """What it was merged into, to the end of the chain; itself when it was not."""
        found = self
        while found.merged_into:
            found = found.merged_into
        return found
