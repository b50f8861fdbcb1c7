"""What happens after verification: visits to see that it stays treated, and independent checks."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import User
from gis_app.distortions.steps import Step

AHEAD = timedelta(days=7)  # so long before its day a visit may be made


class VisitQuerySet(models.QuerySet["Visit"]):
    def planned(self):
        """Those that nobody has made or dropped."""
        return self.filter(done_at=None, dropped_at=None)

    def next_planned(self):
        """Of each distortion the earliest of those planned."""
        same = self.model.objects.planned().filter(distortion=OuterRef("distortion"))
        return self.planned().exclude(Exists(same.filter(due_date__lt=OuterRef("due_date"))))

    def soon(self):
        """Those that are due, or will be before long."""
        return self.filter(due_date__lte=timezone.localdate() + AHEAD)


class Visit(models.Model):
    """A planned look at a place some days after its treatment was verified.

    What the visitor wrote stands with the step that the visit leaves.
    """

    class Found(models.TextChoices):
        STILL_TREATED = "treated", _("Still treated")
        BACK = "back", _("It came back")
        UNCLEAR = "unclear", _("Could not be seen")

    distortion = models.ForeignKey(
        "distortions.Distortion",
        models.PROTECT,
        related_name="visits",
        verbose_name=_("distortion"),
    )
    verified = models.ForeignKey(
        Step, models.PROTECT, related_name="visits", help_text=_("The verification it follows.")
    )
    due_date = models.DateField(_("planned for"))
    done_at = models.DateTimeField(_("visited"), null=True, blank=True)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    found = models.CharField(_("found"), max_length=8, choices=Found, blank=True)
    dropped_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Opened again, or seen by another visit.")
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up visit")
        verbose_name_plural = _("follow-up visits")
        indexes = (
            models.Index(
                fields=["due_date"],
                name="visit_planned",
                condition=Q(done_at=None, dropped_at=None),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["verified", "due_date"], name="one_visit_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.distortion.number} {self.due_date}"


class SecondCheck(models.Model):
    """A verified treatment that was drawn at random, to be checked by somebody independent.

    What the checker wrote stands with the step that the check leaves.
    """

    verified = models.OneToOneField(
        Step,
        models.PROTECT,
        primary_key=True,
        related_name="second_check",
        help_text=_("The verification that is checked."),
    )
    distortion = models.ForeignKey(
        "distortions.Distortion",
        models.PROTECT,
        related_name="second_checks",
        verbose_name=_("distortion"),
    )
    team = models.ForeignKey(
        "treatment.Team", models.PROTECT, null=True, related_name="+", verbose_name=_("team")
    )
    drawn_at = models.DateTimeField(_("drawn"))
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    is_confirmed = models.BooleanField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("second check")
        verbose_name_plural = _("second checks")
        constraints = (
            models.CheckConstraint(
                condition=Q(checked_at=None, is_confirmed=None)
                | Q(checked_at__isnull=False, is_confirmed__isnull=False),
                name="checked_with_a_result",
            ),
        )

    def __str__(self) -> str:
        return f"{self.distortion.number} {self.drawn_at:%Y-%m-%d}"
