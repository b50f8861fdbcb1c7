"""What Django's admin needs here: geometry as text, so that no tile server is asked; rows to look at."""

from django import forms
from django.contrib import admin
from django.contrib.gis.db import models


class PlainAdmin(admin.ModelAdmin):
    """Geometry is read and written as WKT: `SRID=4326;POINT (40.41 21.27)`, longitude first."""

    formfield_overrides = {
        kind: {"widget": forms.Textarea(attrs={"rows": 4, "cols": 80, "dir": "ltr"})}
        for kind in (
            models.PointField,
            models.LineStringField,
            models.MultiPolygonField,
            models.GeometryField,
        )
    }

    def has_delete_permission(self, request, obj=None):
        """Nothing that was ever counted is deleted: it is ended, closed or withheld."""
        return False


class LookingAdmin(PlainAdmin):
    """Rows that are written by actions only; here they can be looked at."""

    show_full_result_count = False

    def lookup_allowed(self, lookup, value, request):
        """What is not shown cannot be guessed letter by letter either."""
        is_shown = lookup.partition("__")[0] not in (self.exclude or ())
        return is_shown and super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False
