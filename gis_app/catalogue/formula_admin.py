"""Formulas of the index: looked at for ever, changed until the day on which they begin."""

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.formula_actions import begin_formula
from gis_app.catalogue.models import IndexFormula, IndexWeight
from gis_app.geo.admin import PlainAdmin


class UntilItBegins(BaseModelAdmin):
    """A formula is changed only as long as it was never in force; a new one is begun as a copy."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return obj is not None and obj.is_to_come and super().has_change_permission(request, obj)


class WeightInline(UntilItBegins, admin.TabularInline):
    model = IndexWeight
    readonly_fields = ("element",)
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("element")


@admin.register(IndexFormula)
class IndexFormulaAdmin(UntilItBegins, PlainAdmin):
    list_display = ("version", "valid_from", "cap_days", "note_ar")
    readonly_fields = ("version",)
    inlines = (WeightInline,)
    actions = ("begin_next",)

    @admin.action(description=_("Begin a new version like the chosen one"))
    def begin_next(self, request, queryset):
        """Open the copy, so that it can be changed before it begins."""
        made = begin_formula(like=queryset.latest("valid_from"), by=request.user)
        return redirect(reverse("admin:catalogue_indexformula_change", args=[made.pk]))
