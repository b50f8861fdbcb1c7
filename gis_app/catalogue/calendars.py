"""When is worked: calendars of weekly hours, with Ramadan, holidays and the summer's noon, as data."""

from datetime import date, datetime, time, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gis_app.catalogue.clock import Break, Clock, DaysOff, Hours, compiled
from gis_app.language import Named

MONTH = (MinValueValidator(1), MaxValueValidator(12))
DAY = (MinValueValidator(1), MaxValueValidator(31))


class Holiday(Named, models.Model):
    """Days off, of one year or of every year. Calendars say which of them they keep."""

    class Reckoning(models.TextChoices):
        GREGORIAN = "gregorian", _("Gregorian")
        HIJRI = "hijri", _("Hijri (Umm al-Qura)")

    code = models.SlugField(_("code"), unique=True)
    name_ar = models.CharField(_("Arabic name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    reckoning = models.CharField(_("reckoning"), max_length=10, choices=Reckoning)
    year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, help_text=_("Empty: every year.")
    )
    month = models.PositiveSmallIntegerField(_("month"), validators=MONTH)
    day = models.PositiveSmallIntegerField(
        _("day"),
        validators=DAY,
        help_text=_("Beyond the month's end it is the first of the next: 30 Ramadan."),
    )
    days = models.PositiveSmallIntegerField(_("number of days"), default=1)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(month__range=(1, 12), day__range=(1, 31)), name="holiday_is_a_day"
            ),
            models.CheckConstraint(
                condition=Q(year=None)
                | Q(reckoning="hijri", year__range=(1343, 1500))
                | Q(reckoning="gregorian", year__range=(1924, 2077)),
                name="holiday_in_a_known_year",
            ),
        )

    @property
    def days_off(self) -> DaysOff:
        is_hijri = self.reckoning == self.Reckoning.HIJRI
        return DaysOff(is_hijri, self.year, self.month, self.day, self.days)


HOURS_OF_A_DAY = 24


class WorkingCalendar(Named, models.Model):
    """The hours in which a promise runs."""

    code = models.SlugField(_("code"), unique=True)
    name_ar = models.CharField(_("Arabic name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    day_hours = models.PositiveSmallIntegerField(
        _("hours of a day"),
        validators=(MinValueValidator(1), MaxValueValidator(24)),
        help_text=_("What a promise in days means: so many working hours each."),
    )
    remind_hours = models.PositiveSmallIntegerField(
        _("reminder before (hours)"),
        default=8,
        help_text=_("Working hours before it is due, the team is reminded."),
    )
    holidays = models.ManyToManyField(
        Holiday, blank=True, related_name="calendars", verbose_name=_("holidays")
    )

    class Meta:
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")
        ordering = ("code",)

    @property
    def clock(self) -> Clock:
        """Its hours, compiled. Read anew each time: there is nothing to forget after a change."""
        return compiled(
            tuple(row.in_short for row in self.hours.all()),
            tuple(row.days_off for row in self.holidays.all()),
            tuple(row.in_short for row in self.breaks.all()),
        )

    def by_day(self, first: date, *, days: int) -> dict[date, list[str]]:
        """Return when it is worked on each of *days* days from *first*, by the clock on the wall."""
        clock, told = self.clock, {}
        for day in (first + timedelta(days=number) for number in range(days)):
            midnight = timezone.make_aware(datetime.combine(day, time.min))
            told[day] = [
                f"{timezone.localtime(opens):%H:%M}–{timezone.localtime(closes):%H:%M}"
                for opens, closes in clock.spans(midnight, midnight + timedelta(days=1))
            ]
        return told

    def in_words(self, hours: int) -> str:
        """Return "within" so many hours of it as people say them: in days where these are whole."""
        days, rest = divmod(hours, self.day_hours)
        if self.day_hours == HOURS_OF_A_DAY:
            return ngettext("within %(n)d hour", "within %(n)d hours", hours) % {"n": hours}
        if rest:
            told = ngettext("within %(n)d working hour", "within %(n)d working hours", hours)
            return told % {"n": hours}
        return ngettext("within %(n)d working day", "within %(n)d working days", days) % {"n": days}


class WorkingHours(models.Model):
    """One span of a weekday; a day can have several. It may run past midnight."""

    class Weekday(models.IntegerChoices):
        SUNDAY = 0, _("Sunday")
        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")

    calendar = models.ForeignKey(
        WorkingCalendar, models.CASCADE, related_name="hours", verbose_name=_("working calendar")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens = models.TimeField(_("from"))
    closes = models.TimeField(
        _("to"), help_text=_("The same or earlier: of the next day; 00:00 is midnight.")
    )
    in_ramadan = models.BooleanField(
        _("in Ramadan"),
        default=False,
        help_text=_("Where a calendar has hours of Ramadan, only those are worked then."),
    )

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ("in_ramadan", "weekday", "opens")
        constraints = (
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="weekday_0_to_6"),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    @property
    def in_short(self) -> Hours:
        return Hours(self.weekday, self.in_ramadan, self.opens, self.closes)


class SeasonalBreak(models.Model):
    """A span of the day in which nobody works in one season, such as the summer's noon."""

    calendar = models.ForeignKey(
        WorkingCalendar, models.CASCADE, related_name="breaks", verbose_name=_("working calendar")
    )
    from_month = models.PositiveSmallIntegerField(_("from month"), validators=MONTH)
    from_day = models.PositiveSmallIntegerField(_("from day"), validators=DAY)
    to_month = models.PositiveSmallIntegerField(_("to month"), validators=MONTH)
    to_day = models.PositiveSmallIntegerField(_("to day"), validators=DAY)
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("seasonal break")
        verbose_name_plural = _("seasonal breaks")
        ordering = ("from_month", "from_day", "begins")
        constraints = (
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="break_within_a_day"),
        )

    def __str__(self) -> str:
        season = f"{self.from_month}/{self.from_day}–{self.to_month}/{self.to_day}"
        return f"{season} {self.begins:%H:%M}–{self.ends:%H:%M}"

    @property
    def in_short(self) -> Break:
        first, last = (self.from_month, self.from_day), (self.to_month, self.to_day)
        return Break(first, last, self.begins, self.ends)
