"""Pictures of reports and distortions; what they look like is kept in files (photos.py)."""

import hashlib
import json

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import User
from gis_app.distortions.queries import PhotoQuerySet
from gis_app.distortions.reports import Report, new_token
from gis_app.distortions.steps import Step
from gis_app.geo import crs


class Photo(models.Model):
    """One picture of a report or a distortion. The pixels are stored once per SHA-256 of what was sent."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("Before")
        AFTER = "after", _("After")

    token = models.CharField(max_length=32, unique=True, default=new_token)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    distortion = models.ForeignKey(
        "distortions.Distortion",
        models.PROTECT,
        related_name="photos",
        verbose_name=_("distortion"),
    )
    origin = models.ForeignKey(
        "distortions.Distortion",
        models.PROTECT,
        related_name="+",
        help_text=_("What it came to first: an undone merge gives it back."),
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
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    place = models.PointField(
        _("taken at"), srid=crs.WGS84, null=True, blank=True, spatial_index=False
    )
    accuracy_m = models.FloatField(_("accuracy (m)"), null=True, blank=True)
    flags = ArrayField(
        models.CharField(max_length=24),
        default=list,
        blank=True,
        verbose_name=_("flags"),
        help_text=_("What the verifier should look at."),
    )
    blurs = models.JSONField(
        _("blurred"),
        default=list,
        blank=True,
        help_text=_("Rectangles: left, top, width and height as shares of the picture."),
    )
    original_dropped_at = models.DateTimeField(
        _("original deleted"),
        null=True,
        blank=True,
        help_text=_("Since then only what was blurred is kept."),
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
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
            models.Index(fields=["sha256"], name="photo_sha256"),
            models.Index(
                fields=["distortion"],
                name="photo_uncleared",
                condition=Q(cleared_at=None, withheld_at=None),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["origin", "report", "sha256"],
                nulls_distinct=False,
                name="one_photo_per_sha256",
            ),
        )

    def __str__(self) -> str:
        return f"{self.distortion.number} {self.kind}"

    @property
    def is_unclaimed(self) -> bool:
        """Whether it shows a treatment and no move has named it yet."""
        is_after = self.kind == self.Kind.AFTER and self.report_id is None
        return is_after and self.step_id is None and self.erased_at is None

    @property
    def mark(self) -> str:
        """A name for what is blurred in it, as a part of files' names; empty when nothing is."""
        if not self.blurs:
            return ""
        return hashlib.sha256(json.dumps(self.blurs).encode()).hexdigest()[:12]


class PhotoLook(models.Model):
    """What a photo looks like, in bits (likeness.py)."""

    photo = models.OneToOneField(Photo, models.CASCADE, primary_key=True, related_name="look")
    coarse = models.BigIntegerField()
    fine = models.BinaryField(max_length=32)

    class Meta:
        indexes = tuple(
            models.Index(F("coarse").bitrightshift(shift).bitand(65535), name=f"photo_look_{shift}")
            for shift in (48, 32, 16, 0)
        )

    def __str__(self) -> str:
        return f"{self.photo_id}: {self.coarse:016x}"


class PhotoLikeness(models.Model):
    """Two photos that look alike: *photo* came later."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="resembles")
    other = models.ForeignKey(Photo, models.CASCADE, related_name="resembled_by")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["photo", "other"], name="one_likeness"),)

    def __str__(self) -> str:
        return f"{self.photo_id} ~ {self.other_id}"
