"""The city's ground. Boundaries are drawn elsewhere and imported; names are mended here."""

from django.contrib import admin

from gis_app.geo.admin import LookingAdmin, PlainAdmin
from gis_app.places.models import (
    Amana,
    District,
    DistrictVersion,
    Jurisdiction,
    Street,
    SubMunicipality,
)


class DatedInline(admin.TabularInline):
    """What held from one day until another; the import writes it."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class VersionInline(DatedInline):
    model = DistrictVersion
    fields = readonly_fields = ("valid_from", "valid_to", "area_m2", "is_approximate")


class JurisdictionInline(DatedInline):
    model = Jurisdiction


@admin.register(Amana)
class AmanaAdmin(PlainAdmin):
    list_display = ("code", "prefix", "name_ar", "name_en")


@admin.register(SubMunicipality)
class SubMunicipalityAdmin(PlainAdmin):
    list_display = ("code", "name_ar", "name_en", "amana")
    list_select_related = ("amana",)
    search_fields = ("code", "name_ar", "name_en")


@admin.register(District)
class DistrictAdmin(PlainAdmin):
    list_display = ("code", "name_ar", "name_en", "kind", "population")
    list_filter = ("kind", "amana")
    search_fields = ("code", "name_ar", "name_en")
    readonly_fields = ("code", "amana")
    inlines = (VersionInline, JurisdictionInline)

    def has_add_permission(self, request):
        return False


@admin.register(Street)
class StreetAdmin(LookingAdmin):
    list_display = ("name_ar", "name_en", "kind", "amana")
    list_filter = ("kind",)
    list_select_related = ("amana",)
    search_fields = ("name_ar", "name_en")
