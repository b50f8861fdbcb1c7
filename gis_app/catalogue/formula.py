"""The formula of the visual-distortion index: dated, and never changed once it was in force."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.language import active

SEVERITIES = 4
MOST_WEIGHT = 100
MOST_DAYS = 3650
WEIGHT_LIMITS = [MinValueValidator(0), MaxValueValidator(MOST_WEIGHT)]


class IndexFormulaQuerySet(models.QuerySet["IndexFormula"]):
    def in_force_on(self, day: date) -> "IndexFormula | None":
        """The formula of *day*; of a day before the first one, the first; None where there is none."""
        begun = self.filter(valid_from__lte=day).order_by("-valid_from").first()
        return begun or self.order_by("valid_from").first()


class IndexFormula(models.Model):
    """How much one distortion counts: weight × severity × size × days standing."""

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    valid_from = models.DateField(_("in force from"), unique=True)
    severity_factors = ArrayField(
        models.FloatField(validators=WEIGHT_LIMITS),
        size=SEVERITIES,
        verbose_name=_("factors of severity"),
        help_text=_("For severity 1, 2, 3 and 4."),
    )
    other_weight = models.FloatField(
        _("weight of other elements"),
        default=1,
        validators=WEIGHT_LIMITS,
        help_text=_("Of those that the formula does not name."),
    )
    least_size = models.FloatField(
        _("smallest size"), help_text=_("As a multiple of the usual quantity.")
    )
    most_size = models.FloatField(
        _("largest size"), help_text=_("As a multiple of the usual quantity.")
    )
    cap_days = models.PositiveSmallIntegerField(
        _("days counted at most"), validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    least_km2 = models.FloatField(
        _("smallest area ranked (km²)"), help_text=_("A smaller district is not ranked.")
    )
    note_ar = models.TextField(_("Arabic note"), help_text=_("Where the weights come from."))
    note_en = models.TextField(_("English note"), blank=True)

    objects = IndexFormulaQuerySet.as_manager()

    class Meta:
        verbose_name = _("formula of the index")
        verbose_name_plural = _("formulas of the index")
        ordering = ("-valid_from",)
        constraints = (
            models.CheckConstraint(
                condition=Q(severity_factors__len=SEVERITIES), name="factors_by_severity"
            ),
            models.CheckConstraint(
                condition=Q(least_size__gt=0, least_size__lte=1, most_size__gte=1),
                name="usual_size_within_bounds",
            ),
            models.CheckConstraint(
                condition=Q(cap_days__range=(1, MOST_DAYS)), name="some_days_are_counted"
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} ({self.valid_from})"

    def clean(self) -> None:
        if self.valid_from and self.valid_from <= timezone.localdate():
            raise ValidationError(
                {"valid_from": _("Name a day to come: what was told stays as it was told.")}
            )

    @property
    def note(self) -> str:
        return (self.note_en if active() == "en" else "") or self.note_ar

    @property
    def is_to_come(self) -> bool:
        """Whether it was never in force yet: only then can it be changed."""
        return self.valid_from > timezone.localdate()


class IndexWeight(models.Model):
    """What one element weighs in a formula, and how much of it is usual."""

    formula = models.ForeignKey(
        IndexFormula,
        models.CASCADE,
        related_name="weights",
        verbose_name=_("formula of the index"),
    )
    element = models.ForeignKey(
        "catalogue.Element", models.PROTECT, related_name="weights", verbose_name=_("element")
    )
    weight = models.FloatField(_("weight"), validators=WEIGHT_LIMITS)
    usual_quantity = models.FloatField(
        _("usual quantity"),
        null=True,
        blank=True,
        help_text=_("In the element's unit. Empty: every size counts the same."),
    )

    class Meta:
        verbose_name = _("weight in the index")
        verbose_name_plural = _("weights in the index")
        ordering = ("element__position",)
        constraints = (
            models.UniqueConstraint(fields=["formula", "element"], name="one_weight_an_element"),
            models.CheckConstraint(
                condition=Q(usual_quantity__isnull=True) | Q(usual_quantity__gt=0),
                name="usual_quantity_is_some",
            ),
        )

    def __str__(self) -> str:
        return f"{self.element.code}: {self.weight}"
