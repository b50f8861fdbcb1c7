"""Files that were ordered: what was asked, by whom, how far it is, how long it is kept."""

from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_app.accounts.rights import rights_of
from gis_app.exports.formats import FORMATS, Format
from gis_app.layers import LAYERS, Layer


class State(models.TextChoices):
    ORDERED = "ordered", pgettext_lazy("file", "Waiting")
    WRITING = "writing", _("Being written")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be written")


UNFINISHED = (State.ORDERED, State.WRITING)


class ExportQuerySet(models.QuerySet["Export"]):
    def of(self, user):
        """What *user* ordered herself, the newest first."""
        mine = self.filter(by=user) if user.is_authenticated else self.none()
        return mine.order_by("-ordered_at")

    def open_to(self, user):
        """What *user* may take: the public's files, and her own while her rights are the same."""
        public = Q(rights="")
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(by=user, rights=rights_of(user)))

    def waiting(self):
        """Those to be written, the oldest first."""
        return self.filter(state=State.ORDERED).order_by("ordered_at")

    def ready(self):
        return self.filter(state=State.READY)

    def silent(self, *, since):
        """Those being written that nothing was heard of *since* then: their worker has died."""
        return self.filter(state=State.WRITING, heard_at__lt=since)

    def expired(self, now):
        return self.filter(expires_at__lt=now)


class Export(models.Model):
    """One file that was ordered. Its identifier is the address: whoever knows it is told.

    *rights* is what decided over what its reader saw when she ordered it; empty is the public.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=uuid4)
    layer = models.CharField(_("layer"), max_length=24)
    format = models.CharField(_("format"), max_length=8)
    question = models.JSONField(_("filters"), default=dict, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    by = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, related_name="+", verbose_name=_("person")
    )
    rights = models.TextField(_("rights"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ORDERED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    rows_all = models.PositiveIntegerField(_("rows"), null=True)
    rows_done = models.PositiveIntegerField(_("rows written"), default=0)
    size_bytes = models.PositiveBigIntegerField(_("bytes"), null=True)
    error = models.CharField(_("error"), max_length=120, blank=True)
    ordered_at = models.DateTimeField(_("ordered"), default=timezone.now)
    heard_at = models.DateTimeField(_("last sign of life"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)
    expires_at = models.DateTimeField(_("kept until"), db_index=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=State.READY)
                | Q(finished_at__isnull=False, size_bytes__isnull=False),
                name="ready_has_a_file",
            ),
            models.CheckConstraint(
                condition=Q(rights="") | Q(by__isnull=False), name="rights_are_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("ordered_at")), name="kept_for_a_while"
            ),
        )

    def __str__(self) -> str:
        return f"{self.layer}.{self.format}"

    @property
    def published(self) -> Layer:
        return LAYERS[self.layer]

    @property
    def kind(self) -> Format:
        return FORMATS[self.format]

    @property
    def percent(self) -> int:
        """How much of it is written, in hundredths."""
        return 100 * self.rows_done // self.rows_all if self.rows_all else 0

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def path(self) -> Path:
        """Where its file is, once it is ready; the identifier in it is nobody's to choose."""
        return settings.RASD_EXPORTS / f"{self.pk}.{self.format}"
