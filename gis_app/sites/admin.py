"""The registers of parks and kiosk sites. A change goes through the same actions as everywhere."""

from collections.abc import Callable

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from gis_app.geo.admin import PlainAdmin
from gis_app.sites.actions import MOST_REASON, save_kiosk, save_park
from gis_app.sites.models import KioskEvent, KioskSite, Park


class ParkForm(forms.ModelForm):
    amenities = forms.MultipleChoiceField(
        label=_("Amenities"),
        choices=Park.Amenity.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Park
        fields = ("code", "name_ar", "name_en", "kind", "amenities", "boundary", "is_approximate")


class KioskForm(forms.ModelForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=MOST_REASON,
        required=False,
        help_text=_("Of a change of status."),
    )

    class Meta:
        model = KioskSite
        fields = (
            "code",
            "name_ar",
            "name_en",
            "kind",
            "status",
            "holder",
            "location",
            "is_approximate",
        )


class EventInline(admin.TabularInline):
    """The history of a site's status."""

    model = KioskEvent
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class SiteAdmin(PlainAdmin):
    """Stores a row by `store`, the subject's own action; `drawn` names the geometry."""

    store: Callable[..., tuple[Model, bool]]
    drawn = ""
    list_select_related = ("district",)
    search_fields = ("code", "name_ar", "name_en", "district__name_ar")

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()

    def save_model(self, request, obj, form, change):
        values = {"code": obj.code, **form.cleaned_data}
        stored, _is_new = self.store(by=request.user, geometry=values.pop(self.drawn), **values)
        obj.pk = stored.pk


@admin.register(Park)
class ParkAdmin(SiteAdmin):
    form = ParkForm
    store = staticmethod(save_park)
    drawn = "boundary"
    list_display = ("code", "name_ar", "kind", "district", "area_m2")
    list_filter = ("kind",)


@admin.register(KioskSite)
class KioskSiteAdmin(SiteAdmin):
    form = KioskForm
    store = staticmethod(save_kiosk)
    drawn = "location"
    list_display = ("code", "name_ar", "kind", "status", "district")
    list_filter = ("status",)
    inlines = (EventInline,)
