"""Who was told that a promise comes near or has passed: once for each promise, and no more."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reminder(models.Model):
    """One promise of one distortion that people were told of."""

    class Kind(models.TextChoices):
        DUE_SOON = "due_soon", _("Due soon")
        ESCALATED = "escalated", _("Late")

    distortion = models.ForeignKey(
        "distortions.Distortion", models.CASCADE, related_name="reminders"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    due_at = models.DateTimeField(_("promised for"))
    told_at = models.DateTimeField(_("told"), auto_now_add=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = (
            models.UniqueConstraint(
                fields=["distortion", "kind", "due_at"], name="reminded_once_of_a_promise"
            ),
        )

    def __str__(self) -> str:
        return f"{self.distortion.number} {self.kind}"
