"""The elements of visual distortion, and how soon the city promises to treat each."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.calendars import Holiday, SeasonalBreak, WorkingCalendar, WorkingHours
from gis_app.catalogue.formula import IndexFormula, IndexWeight
from gis_app.errors import Refused
from gis_app.language import Named, active

__all__ = [
    "Element",
    "Holiday",
    "IndexFormula",
    "IndexWeight",
    "SeasonalBreak",
    "ServiceLevel",
    "WorkingCalendar",
    "WorkingHours",
]

DANGEROUS = 4  # the highest severity


def default_visit_days() -> list[int]:
    """When those who follow up look again, in days after verification."""
    return [7, 30, 90]


class ElementQuerySet(models.QuerySet["Element"]):
    def active_on(self, day):
        """The elements that are counted on *day*."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )

    def in_scope_of(self, user):
        """The elements that *user* works on."""
        return self.filter(pk__in=user.element_keys) if user.element_keys else self


class Element(Named, models.Model):
    """A kind of visual distortion. Never deleted: it is ended by a date."""

    class Unit(models.TextChoices):
        SQUARE_METRES = "m2", _("m²")
        METRES = "m", _("m")
        CUBIC_METRES = "m3", _("m³")
        COUNT = "count", _("count")

    class Geometry(models.TextChoices):
        POINT = "point", _("point")
        LINE = "line", _("line")
        POLYGON = "polygon", _("polygon")

    code = models.SlugField(_("code"), unique=True)
    position = models.PositiveSmallIntegerField(_("order"), help_text=_("Order in lists."))
    name_ar = models.CharField(_("Arabic name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120)
    title_ar = models.CharField(
        _("Arabic title"), max_length=120, help_text=_("One of them, as a case's title.")
    )
    title_en = models.CharField(_("English title"), max_length=120)
    geometries = ArrayField(
        models.CharField(max_length=8, choices=Geometry), verbose_name=_("shapes")
    )
    unit = models.CharField(_("unit"), max_length=8, choices=Unit)
    aliases = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("aliases")
    )
    is_private = models.BooleanField(
        _("private"), default=False, help_text=_("The public sees only the approximate place.")
    )
    is_moderated = models.BooleanField(
        _("moderated"),
        default=True,
        help_text=_("Residents' photos and words wait for the desk before they are published."),
    )
    same_metres = models.PositiveSmallIntegerField(
        _("same within (m)"),
        default=30,
        help_text=_("A report as near as this to an open one is perhaps the same."),
    )
    related = models.ManyToManyField("self", blank=True, verbose_name=_("often mistaken for"))
    recurrence_metres = models.PositiveSmallIntegerField(_("recurrence within (m)"), default=30)
    recurrence_days = models.PositiveSmallIntegerField(
        _("recurrence within (days)"),
        default=90,
        help_text=_("Reported again this soon after verification, it is the same one come back."),
    )
    visit_days = ArrayField(
        models.PositiveSmallIntegerField(),
        default=default_visit_days,
        blank=True,
        verbose_name=_("follow-up visits"),
        help_text=_("Days after verification."),
    )
    proof_metres = models.PositiveSmallIntegerField(
        _("after-photo within (m)"),
        default=50,
        help_text=_("A photo of the treatment from farther away is flagged."),
    )
    calendar = models.ForeignKey(
        WorkingCalendar,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("working calendar"),
        help_text=_("The hours in which its promise runs."),
    )
    danger_calendar = models.ForeignKey(
        WorkingCalendar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("calendar of danger"),
        help_text=_("For severity 4. Empty: the same."),
    )
    valid_from = models.DateField(
        _("in force from"), null=True, blank=True, help_text=_("Empty: never in force yet.")
    )
    valid_to = models.DateField(_("in force until"), null=True, blank=True)

    objects = ElementQuerySet.as_manager()

    class Meta:
        verbose_name = _("element")
        verbose_name_plural = _("elements")
        ordering = ("position",)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="element_ends_after_it_begins",
            ),
        )

    @property
    def title(self) -> str:
        return self.title_en if active() == "en" else self.title_ar

    def is_active_on(self, day: date) -> bool:
        """Whether it is counted on *day*."""
        begins, ends = self.valid_from, self.valid_to
        return begins is not None and begins <= day and (ends is None or day < ends)

    def level_on(self, day: date) -> "ServiceLevel":
        """What was promised on *day*; before the first level, what the first one promises."""
        levels = sorted(self.service_levels.all(), key=lambda level: level.valid_from)
        return next((level for level in reversed(levels) if level.valid_from <= day), levels[0])

    def calendar_for(self, severity: int) -> WorkingCalendar:
        """Return the calendar in which the promise of that *severity* runs."""
        calendar = (self.danger_calendar if severity == DANGEROUS else None) or self.calendar
        if calendar is None:
            raise Refused(_("%(element)s has no working calendar.") % {"element": self})
        return calendar


class ServiceLevel(models.Model):
    """What was promised for an element from a date on: severity, hours, the owner's notice."""

    element = models.ForeignKey(
        Element, models.CASCADE, related_name="service_levels", verbose_name=_("element")
    )
    valid_from = models.DateField(_("in force from"))
    severity = models.PositiveSmallIntegerField(_("severity"), help_text=_("1 low … 4 dangerous"))
    hours = ArrayField(
        models.PositiveSmallIntegerField(),
        size=DANGEROUS,
        verbose_name=_("hours for treatment"),
        help_text=_("Working hours from acceptance, for severity 1, 2, 3 and 4."),
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice"),
        default=0,
        help_text=_("Days the owner has first; the hours are counted after them."),
    )
    reopen_days = models.PositiveSmallIntegerField(
        _("days for reopening"),
        default=30,
        help_text=_("Days after verification in which it can be reopened."),
    )

    class Meta:
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")
        constraints = (
            models.UniqueConstraint(fields=["element", "valid_from"], name="one_level_a_day"),
            models.CheckConstraint(condition=Q(severity__range=(1, 4)), name="severity_1_to_4"),
            models.CheckConstraint(condition=Q(hours__len=DANGEROUS), name="hours_by_severity"),
        )

    def __str__(self) -> str:
        return f"{self.element.code} {self.valid_from}"

    def hours_for(self, severity: int) -> int:
        return self.hours[severity - 1]

    def in_words(self, severity: int) -> str:
        """Return what is promised for that *severity*, such as "within 3 working days"."""
        calendar = self.element.calendar_for(severity)
        return calendar.in_words(self.hours_for(severity))
