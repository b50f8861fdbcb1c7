"""What progress is asked: the state at a day's end, what happened since another, and of what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.models import Element
from gis_app.distortions.addresses import days, events_query, rows_query
from gis_app.distortions.models import Source
from gis_app.errors import Unreadable
from gis_app.geo.filters import CodesField, PastDayField
from gis_app.places.filters import codes_of
from gis_app.places.models import Amana, District, SubMunicipality
from gis_app.places.registers import all_districts
from gis_app.progress.asked import given

PLACES = ("district", "amana", "sub_municipality")
FIELDS = {
    "as_of": PastDayField(required=False),
    "from": PastDayField(required=False),
    "to": PastDayField(required=False),
    "element": CodesField(required=False, choices=codes_of(Element)),
    "district": CodesField(required=False, choices=codes_of(District)),
    "amana": CodesField(required=False, choices=codes_of(Amana)),
    "sub_municipality": CodesField(required=False, choices=codes_of(SubMunicipality)),
    "source": CodesField(required=False, choices=lambda: Source.values),
}
QuestionForm = type("QuestionForm", (forms.Form,), dict(FIELDS))  # `from` is no name in a class


@dataclass(frozen=True)
class Question:
    """*past* is the day at whose end the state is asked for, None now; *since* a period's first day.

    *codes* are what is asked of, by the filter's name.
    """

    past: date | None
    since: date | None
    codes: Mapping[str, list[str]]

    @classmethod
    def read(cls, params: Mapping[str, str]) -> "Question":
        """Read *params* strictly: as_of, from, to, and the filters; what is wrong is Unreadable."""
        asked = given(params)
        form = QuestionForm(asked)
        unknown = {name: [_("This filter is not known.")] for name in params if name not in FIELDS}
        wrong = dict(form.errors) | unknown
        if "as_of" in asked and "to" in asked:
            wrong["to"] = [_("Give as_of or to: both are the day at whose end the state is told.")]
        if wrong:
            raise Unreadable(fields=wrong)
        told = form.cleaned_data
        past = told["to"] or told["as_of"]
        since = (told["from"] or timezone.localdate()) if "from" in asked else None
        if since and past and since > past:
            raise Unreadable(fields={"from": [_("The first day comes after the last.")]})
        codes = {name: told[name] for name in FIELDS if name not in ("as_of", "from", "to")}
        return cls(past, since, {name: found for name, found in codes.items() if found})

    @property
    def day(self) -> date:
        return self.past or timezone.localdate()

    def districts(self) -> QuerySet:
        """Return the districts that are asked for, also those that are no longer in force."""
        rows = District.objects.filter(
            self._of("district", "code") & self._of("amana", "amana__code")
        )
        belongs = self.codes.get("sub_municipality")
        return rows.belonging_to(belongs, on=self.past) if belongs else rows

    def keys(self) -> list[int] | None:
        """Return the keys of the districts that are asked for; None where no place is."""
        if not self.is_of_a_place:
            return None
        if {"amana", "sub_municipality"} & self.codes.keys():
            return list(self.districts().values_list("pk", flat=True))
        return [row.pk for row in all_districts() if row.code in self.codes["district"]]

    @property
    def is_of_a_place(self) -> bool:
        return any(name in self.codes for name in PLACES)

    def rows(self, **of: str | bool) -> str:
        """Return the query string that lists what a stock counted, narrowed by *of*."""
        asked = {**self.codes, **of}
        return rows_query(as_of=self.past, **asked)

    def events(self, **of: str) -> str:
        """Return the query string that lists what was counted between the days."""
        asked = {**self.codes, **of}
        return events_query(day=days(self.since, self.day), **asked)

    def _of(self, name: str, path: str) -> Q:
        codes = self.codes.get(name)
        return Q(**{f"{path}__in": codes}) if codes else Q()
