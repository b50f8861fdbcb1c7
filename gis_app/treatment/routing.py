"""Which team a distortion goes to: rules as rows, the first that fits decides."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.distortions.reports import Source


class RoutingRule(models.Model):
    """One row of the order. An empty condition fits everything."""

    position = models.PositiveSmallIntegerField(
        _("order"), help_text=_("The lowest is asked first.")
    )
    name = models.CharField(_("name"), max_length=120)
    amana = models.ForeignKey("places.Amana", models.PROTECT, verbose_name=_("amana"))
    elements = models.ManyToManyField(
        "catalogue.Element", blank=True, related_name="+", verbose_name=_("elements")
    )
    districts = models.ManyToManyField(
        "places.District", blank=True, related_name="+", verbose_name=_("districts")
    )
    sources = ArrayField(
        models.CharField(max_length=12, choices=Source),
        default=list,
        blank=True,
        verbose_name=_("sources"),
    )
    least_severity = models.PositiveSmallIntegerField(
        _("severity from"), default=1, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)]),
        default=list,
        blank=True,
        verbose_name=_("weekdays"),
        help_text=_("Of the acceptance: 0 Sunday … 6 Saturday."),
    )
    from_time = models.TimeField(_("from"), null=True, blank=True)
    to_time = models.TimeField(_("to"), null=True, blank=True, help_text=_("May be past midnight."))
    team = models.ForeignKey("treatment.Team", models.PROTECT, verbose_name=_("team"))
    assigns = models.BooleanField(
        _("assigns at acceptance"), default=False, help_text=_("Else it only suggests the team.")
    )
    is_live = models.BooleanField(
        _("live"), default=False, help_text=_("Test it against past distortions first.")
    )
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now)
    tested_at = models.DateTimeField(_("last tested"), null=True, blank=True)

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(from_time__isnull=True, to_time__isnull=True)
                | (Q(from_time__isnull=False, to_time__isnull=False) & ~Q(from_time=F("to_time"))),
                name="rule_hours_begin_and_end",
            ),
            models.CheckConstraint(
                condition=Q(is_live=False) | Q(tested_at__gte=F("changed_at")),
                name="live_rule_was_tested",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position} {self.name}"
