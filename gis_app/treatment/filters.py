"""Distortions and what happened to them by team, and by how a second check ended: for staff."""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from gis_app.catalogue.models import Element
from gis_app.distortions.events import EVENTS
from gis_app.distortions.filters import DistortionFilter
from gis_app.distortions.models import Source
from gis_app.errors import Unreadable
from gis_app.geo.filters import BBoxFilter, CodesFilter, DaysFilter, StrictFilterSet
from gis_app.language import latin_digits
from gis_app.places.filters import codes_of
from gis_app.places.models import Amana, District, SubMunicipality
from gis_app.treatment.models import SecondCheck, Team

LONGEST_NUMBER = 24  # characters
RESULTS = [("confirmed", _("Confirmed")), ("false", _("Falsely closed"))]


class StaffFilter(StrictFilterSet):
    """A set in which some filters are for staff alone."""

    def asked(self, name: str, value) -> bool:
        """Whether this is asked for; refused to whoever may not know."""
        by = self.user
        if value and not (by.is_authenticated and by.is_city_staff and not by.is_by_link):
            raise Unreadable(fields={name: [_("This filter is for staff.")]})
        return bool(value)


class TreatedDistortionFilter(StaffFilter, DistortionFilter):
    """Distortions, by staff also by team and by second checks: neither is published."""

    team = CodesFilter(method="by_team", choices=codes_of(Team))
    second_check = ChoiceFilter(method="by_check", choices=RESULTS)
    checked = DaysFilter(method="by_check")
    checked_team = CodesFilter(method="by_check", choices=codes_of(Team))

    def by_team(self, rows, name, codes):
        return rows.filter(team_code__in=codes) if self.asked(name, codes) else rows

    def by_check(self, rows, name, value):
        """Keep those with a second check of which all is true that is asked of checks."""
        if not self.asked(name, value):
            return rows
        asked = self.form.cleaned_data
        checks = SecondCheck.objects.filter(distortion=OuterRef("pk")).exclude(checked_at=None)
        if asked["second_check"]:
            checks = checks.filter(is_confirmed=asked["second_check"] == "confirmed")
        if asked["checked_team"]:
            checks = checks.filter(team__code__in=asked["checked_team"])
        return rows.filter(Exists(DaysFilter("checked_at").filter(checks, asked["checked"])))


class StepFilter(StaffFilter):
    """What happened (happenings.py), by kind, day, place, element and team, as they were after it."""

    event = CodesFilter(method="of_event", choices=lambda: EVENTS)
    day = DaysFilter("day")
    number = CharFilter(method="of_one", max_length=LONGEST_NUMBER, label=_("Report number"))
    element = CodesFilter("element_code", choices=codes_of(Element))
    district = CodesFilter("district_code", choices=codes_of(District))
    amana = CodesFilter("to_district__amana__code", choices=codes_of(Amana))
    sub_municipality = CodesFilter(method="of_sub_municipality", choices=codes_of(SubMunicipality))
    team = CodesFilter(method="by_team", choices=codes_of(Team))
    source = CodesFilter("distortion__source", choices=lambda: Source.values)
    bbox = BBoxFilter("shape")

    def of_event(self, rows, name, codes):
        return rows.filter(reduce(or_, (EVENTS[code] for code in codes))) if codes else rows

    def of_one(self, rows, name, text):
        return rows.filter(number=latin_digits(text).strip().upper()) if text else rows

    def of_sub_municipality(self, rows, name, codes):
        """By the districts that were theirs when the days were over, as figures of a period are."""
        _first, over = self.form.cleaned_data["day"] or (None, None)
        is_past = over and over <= timezone.now()
        last = timezone.localdate(over) - timedelta(days=1) if is_past else None
        return rows.filter(to_district__in=District.objects.belonging_to(codes, on=last))

    def by_team(self, rows, name, codes):
        return rows.filter(team__code__in=codes) if self.asked(name, codes) else rows
