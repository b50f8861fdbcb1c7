"""The catalogue of elements, what was promised for each, and in which hours that runs."""

from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.formula_admin import IndexFormulaAdmin
from gis_app.catalogue.models import (
    Element,
    Holiday,
    SeasonalBreak,
    ServiceLevel,
    WorkingCalendar,
    WorkingHours,
)
from gis_app.geo.admin import PlainAdmin

__all__ = [
    "ElementAdmin",
    "HolidayAdmin",
    "IndexFormulaAdmin",
    "WorkingCalendarAdmin",
]

PREVIEW_DAYS = 14


class ServiceLevelInline(admin.TabularInline):
    model = ServiceLevel
    extra = 0
    min_num = 1  # without a promise nothing of its kind could be reported
    can_delete = False  # what was promised, was promised: a new level begins on its own day

    def get_formset(self, request, obj=None, **options):
        return super().get_formset(request, obj, validate_min=True, **options)


@admin.register(Element)
class ElementAdmin(PlainAdmin):
    list_display = ("position", "code", "name_ar", "name_en", "unit", "valid_from", "valid_to")
    list_display_links = ("code",)
    search_fields = ("code", "name_ar", "name_en", "aliases")
    inlines = (ServiceLevelInline,)

    def get_readonly_fields(self, request, obj=None):
        return ("code", "unit") if obj else ()  # quantities were measured in it


class WorkingHoursInline(admin.TabularInline):
    model = WorkingHours
    extra = 0


class SeasonalBreakInline(admin.TabularInline):
    model = SeasonalBreak
    extra = 0


@admin.register(WorkingCalendar)
class WorkingCalendarAdmin(PlainAdmin):
    list_display = ("code", "name_ar", "name_en", "day_hours")
    filter_horizontal = ("holidays",)
    inlines = (WorkingHoursInline, SeasonalBreakInline)
    readonly_fields = ("next_days",)

    @admin.display(description=_("The next two weeks"))
    def next_days(self, calendar: WorkingCalendar):
        """Show what the saved rows come to."""
        if calendar.pk is None:
            return ""
        days = calendar.by_day(timezone.localdate(), days=PREVIEW_DAYS)
        lines = (
            (date_format(day, "l j F"), "  ".join(spans) or "—") for day, spans in days.items()
        )
        rows = format_html_join("", "<tr><th>{}</th><td><bdi dir='ltr'>{}</bdi></td></tr>", lines)
        return format_html("<table>{}</table>", rows)


@admin.register(Holiday)
class HolidayAdmin(PlainAdmin):
    list_display = ("code", "name_ar", "name_en", "reckoning", "year", "month", "day", "days")
