"""Distortions by who treated them, and by how the second check of it ended: for staff."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from gis_app.distortions.filters import DistortionFilter
from gis_app.errors import Unreadable
from gis_app.geo.filters import CodesFilter, DaysFilter
from gis_app.places.filters import codes_of
from gis_app.treatment.models import SecondCheck, Team

RESULTS = [("confirmed", _("Confirmed")), ("false", _("Falsely closed"))]


class TreatedDistortionFilter(DistortionFilter):
    """Distortions, by staff also by team and by second checks: neither is published."""

    team = CodesFilter(method="by_team", choices=codes_of(Team))
    second_check = ChoiceFilter(method="by_check", choices=RESULTS)
    checked = DaysFilter(method="by_check")
    checked_team = CodesFilter(method="by_check", choices=codes_of(Team))

    def by_team(self, rows, name, codes):
        return rows.filter(team_code__in=codes) if self._asked(name, codes) else rows

    def by_check(self, rows, name, value):
        """Keep those with a second check of which all is true that is asked of checks."""
        if not self._asked(name, value):
            return rows
        asked = self.form.cleaned_data
        checks = SecondCheck.objects.filter(distortion=OuterRef("pk")).exclude(checked_at=None)
        if asked["second_check"]:
            checks = checks.filter(is_confirmed=asked["second_check"] == "confirmed")
        if asked["checked_team"]:
            checks = checks.filter(team__code__in=asked["checked_team"])
        return rows.filter(Exists(DaysFilter("checked_at").filter(checks, asked["checked"])))

    def _asked(self, name: str, value) -> bool:
        """Whether this is asked for; refused to whoever may not know."""
        by = self.user
        if value and not (by.is_authenticated and by.is_city_staff and not by.is_by_link):
            raise Unreadable(fields={name: [_("This filter is for staff.")]})
        return bool(value)
