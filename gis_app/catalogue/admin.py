"""The catalogue of elements, and what was promised for each."""

from django.contrib import admin

from gis_app.catalogue.models import Element, ServiceLevel
from gis_app.geo.admin import PlainAdmin


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
