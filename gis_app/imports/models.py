"""How far each import got: what makes it possible to go on after a stop."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import User


class Import(models.Model):
    """One run over a file. It is written in the transaction of each chunk that landed."""

    digest = models.CharField(max_length=64, help_text=_("Of the file and of its mapping."))
    file = models.CharField(_("file"), max_length=255)
    source = models.CharField(_("source"), max_length=12)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    rows = models.PositiveBigIntegerField(_("rows read"), default=0)
    outcomes = models.JSONField(default=dict, help_text=_("Rows by what became of them."))
    refused_bytes = models.PositiveBigIntegerField(
        default=0, help_text=_("Length of the file of refused rows.")
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = (
            models.UniqueConstraint(
                fields=["digest"],
                condition=models.Q(finished_at=None),
                name="one_unfinished_import_of_a_file",
            ),
        )

    def __str__(self) -> str:
        return self.file
