"""Accounts: who may do what, and where; and the keys of programs."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import Token, User

admin.site.site_header = admin.site.site_title = _("Rasd")
admin.site.unregister(Group)  # rights follow from the role


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ("username", "role", "team", "sub_municipality", "is_active", "is_demo")
    list_filter = ("role", "is_active", "team")
    list_select_related = ("team", "sub_municipality")
    search_fields = ("username", "first_name", "last_name", "email")
    filter_horizontal = ("districts", "elements")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Role and scope"), {"fields": ("role", "amana", "sub_municipality", "team")}),
        (_("Only these"), {"fields": ("districts", "elements")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Account"), {"fields": ("is_active", "is_staff", "is_superuser", "is_demo")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2", "role")}),)
    readonly_fields = ("last_login", "date_joined")


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin):
    """A key is shown once, by `bin/manage issue_token`; here it can be taken back."""

    list_display = ("owner", "name", "scopes", "expires_at", "last_used_at")
    list_select_related = ("owner",)
    search_fields = ("owner__username", "name")
    fields = list_display

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
