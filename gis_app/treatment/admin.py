"""Teams that treat. One that no longer works is made inactive."""

from django.contrib import admin

from gis_app.geo.admin import PlainAdmin
from gis_app.treatment.models import Team


@admin.register(Team)
class TeamAdmin(PlainAdmin):
    list_display = ("code", "name_ar", "name_en", "kind", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name_ar", "name_en")
