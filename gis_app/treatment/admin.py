"""Teams, the bodies that the city refers to, and routing rules with their test on the past."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import User
from gis_app.accounts.rights import REGISTRARS
from gis_app.distortions.models import Source
from gis_app.errors import Forbidden, Refused
from gis_app.geo.admin import PlainAdmin
from gis_app.treatment.models import Body, RoutingRule, Team
from gis_app.treatment.queries import with_tasks
from gis_app.treatment.routes import MOST_PAST, Taken
from gis_app.treatment.routing_actions import (
    MOST_DAYS,
    check_rule,
    go_live,
    hidden_by,
    rules_of,
    save_rule,
    take_off,
    try_rule,
)

USUAL_DAYS = 90
WEEKDAYS = (
    (0, _("Sunday")),
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
)


class MembersInline(admin.TabularInline):
    """Who works in the team; the account itself says so."""

    model = User
    fields = ("username", "role", "is_active", "last_login")
    readonly_fields = fields
    verbose_name_plural = _("members")
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Team)
class TeamAdmin(PlainAdmin):
    """One that no longer works is made inactive."""

    list_display = ("code", "name_ar", "name_en", "kind", "tasks", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name_ar", "name_en")
    filter_horizontal = ("elements", "districts")
    inlines = (MembersInline,)

    def get_queryset(self, request):
        return with_tasks(super().get_queryset(request))

    @admin.display(description=_("tasks"), ordering="tasks")
    def tasks(self, team) -> int:
        return team.tasks


@admin.register(Body)
class BodyAdmin(PlainAdmin):
    list_display = ("code", "name_ar", "name_en", "is_active")
    search_fields = ("code", "name_ar", "name_en")


class RuleForm(forms.ModelForm):
    """A rule with its choices by name; what no rule can mean is said beside the field."""

    sources = forms.MultipleChoiceField(
        label=_("sources"),
        choices=Source.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: all of them."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("weekdays"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of the acceptance, in Riyadh. None: all of them."),
    )

    class Meta:
        model = RoutingRule
        fields = (
            "position", "name", "amana", "elements", "districts", "sources", "least_severity",
            "weekdays", "from_time", "to_time", "team", "assigns",
        )  # fmt: skip

    def clean(self):
        super().clean()
        if self.errors:
            return
        try:
            check_rule(**self.cleaned_data)
        except Refused as refused:
            for name, texts in refused.fields.items():
                self.add_error(name, texts)


@admin.register(RoutingRule)
class RoutingRuleAdmin(PlainAdmin):
    """Rules in their order. One that was changed is live again after a test on the past."""

    form = RuleForm
    list_display = ("position", "name", "amana", "team", "assigns", "is_live", "tested_at")
    list_display_links = ("name",)
    list_filter = ("is_live", "assigns", "team")
    list_select_related = ("amana", "team")
    filter_horizontal = ("elements", "districts")
    readonly_fields = ("is_live", "changed_at", "tested_at")
    change_form_template = "treatment/rule.html"

    def has_module_permission(self, request) -> bool:
        """Rights follow from the role: the rules are the planners'."""
        return request.user.is_authenticated and request.user.role in REGISTRARS

    def has_view_permission(self, request, obj=None) -> bool:
        return self.has_module_permission(request)

    has_change_permission = has_view_permission
    has_add_permission = has_module_permission

    def get_queryset(self, request):
        return rules_of(request.user)

    def save_model(self, request, obj, form, change) -> None:
        save_rule(rule=obj, by=request.user, **form.cleaned_data)

    def get_urls(self):
        test = self.admin_site.admin_view(self.test)
        return [
            path("<int:pk>/test/", test, name="treatment_routingrule_test"),
            *super().get_urls(),
        ]

    def test(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Try a rule on past distortions, let it decide from now on, or no longer."""
        if not self.has_change_permission(request):
            raise Forbidden
        rule = get_object_or_404(self.get_queryset(request).select_related("team", "amana"), pk=pk)
        told: dict[str, Any] = {"days": request.POST.get("days", str(USUAL_DAYS))}
        try:
            told |= self._done(request, rule, told["days"])
        except Refused as refusal:
            messages.error(request, refusal.in_full())
        if "was" in told:
            return redirect("admin:treatment_routingrule_test", rule.pk)
        rule.refresh_from_db()
        context = self.admin_site.each_context(request) | told
        context |= {
            "rule": rule,
            "title": _("Test against past distortions"),
            "opts": self.opts,
            "most_days": MOST_DAYS,
            "most_past": MOST_PAST,
            "first": hidden_by(rule),
            "is_tested": bool(rule.tested_at and rule.tested_at >= rule.changed_at),
        }
        return render(request, "treatment/rule_test.html", context)

    def _done(self, request: HttpRequest, rule: RoutingRule, days: str) -> dict[str, Any]:
        """Do what the page asks for; `was` says that it was done and nothing is to be shown."""
        match request.POST.get("deed"):
            case "try":
                asked = int(days) if days.isdecimal() else 0
                rows, untaken = try_rule(rule=rule, by=request.user, days=asked)
                return {"rows": _with_teams(rows), "untaken": untaken}
            case "live":
                go_live(rule=rule, by=request.user)
                self.log_change(request, rule, "live")
                return {"was": True}
            case "off":
                take_off(rule=rule, by=request.user)
                self.log_change(request, rule, "off")
                return {"was": True}
        return {}


def _with_teams(rows: list[Taken]) -> list[tuple[Taken, list[tuple[Team, int]]]]:
    """Return each of *rows* with the teams that had what it would have taken from them."""
    teams = Team.objects.in_bulk({key for row in rows for key in row.others})
    return [(row, [(teams[key], n) for key, n in row.others.most_common()]) for row in rows]
