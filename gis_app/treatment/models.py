"""Who treats: the city's own crews and its contractors."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gis_app.language import Named


class Team(Named, models.Model):
    class Kind(models.TextChoices):
        OWN = "own", _("Own team")
        CONTRACTOR = "contractor", _("Contractor")

    amana = models.ForeignKey(
        "places.Amana", models.PROTECT, related_name="teams", verbose_name=_("amana")
    )
    code = models.SlugField(_("code"), unique=True)
    name_ar = models.CharField(_("Arabic name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OWN)
    is_active = models.BooleanField(_("in service"), default=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
