"""Distortions, reports, steps and photos, to look at: they are written by actions only."""

from django.contrib import admin

from gis_app.distortions.models import Distortion, Photo, Report, Step
from gis_app.distortions.queries import scope_of
from gis_app.geo.admin import LookingAdmin


class InScopeAdmin(LookingAdmin):
    """Rows of what the reader works on, as on the desk."""

    path_to_distortion = "distortion__"

    def get_queryset(self, request):
        scope = scope_of(request.user, self.path_to_distortion)
        return super().get_queryset(request).filter(scope)


class StepInline(admin.TabularInline):
    model = Step
    fk_name = "distortion"
    fields = ("move", "at", "by", "from_status", "to_status", "to_district", "to_element")
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by", "to_district", "to_element")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Distortion)
class DistortionAdmin(InScopeAdmin):
    path_to_distortion = ""
    list_display = ("number", "element", "district", "status", "team", "first_reported_at")
    list_filter = ("status", "element", "source")
    list_select_related = ("element", "district", "team")
    search_fields = ("number__contains",)  # the index on numbers is made for it
    ordering = ("-first_reported_at", "-number")
    exclude = ("paused_seconds",)  # the clock's own count
    inlines = (StepInline,)


@admin.register(Report)
class ReportAdmin(InScopeAdmin):
    list_display = ("number", "distortion", "element", "source", "received_at")
    list_filter = ("source",)
    list_select_related = ("distortion", "element")
    search_fields = ("number", "external_number")
    ordering = ("-received_at",)
    # The reporter's own, and what only an undone merge asks.
    exclude = ("track_token", "content_hash", "supporter", "origin")


@admin.register(Photo)
class PhotoAdmin(InScopeAdmin):
    list_display = ("distortion", "kind", "added_at", "cleared_at", "withheld_at")
    list_filter = ("kind",)
    list_select_related = ("distortion",)
    search_fields = ("distortion__number",)
    ordering = ("-pk",)
    exclude = ("token", "origin")
