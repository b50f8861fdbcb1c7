"""What figures of districts are asked for: of which day, and of which places. Read strictly."""

from collections.abc import Mapping
from datetime import date
from math import isfinite

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gis_app.errors import Unreadable
from gis_app.geo.filters import PastDayField
from gis_app.language import latin_digits
from gis_app.places.filters import DistrictFilter
from gis_app.places.models import District

PLACES = {"district": "code", "amana": "amana", "sub_municipality": "sub_municipality"}


def given(params: Mapping[str, str]) -> dict[str, str]:
    """Return those of *params* that say anything: a form sends its empty fields too."""
    return {name: value.strip() for name, value in params.items() if value.strip()}


def past_day(params: Mapping[str, str]) -> date | None:
    """Return the day of `as_of`; None for today. One that is still to come is Unreadable."""
    try:
        return PastDayField(required=False).clean(params.get("as_of", ""))
    except forms.ValidationError as error:
        raise Unreadable(fields={"as_of": error.messages}) from None


def districts(params: Mapping[str, str], *, on: date | None = None) -> QuerySet:
    """Return the districts in force on a day that are asked for, `described`, by their codes."""
    asked = {own: params[name] for name, own in PLACES.items() if name in params}
    rows = DistrictFilter(asked, queryset=District.objects.described(on), user=None).qs
    return rows.order_by("code")


def number(text: str, *, most: float) -> float:
    """Return the number that is written, 0 to *most*; else a ValidationError."""
    try:
        found = float(latin_digits(text))
    except ValueError:
        raise forms.ValidationError(_("Give a number.")) from None
    if not isfinite(found) or not 0 <= found <= most:
        raise forms.ValidationError(_("Give a number from 0 to %(most)d.") % {"most": most})
    return found


def whole(text: str, *, most: int) -> int:
    """Return the whole number that is written, 1 to *most*; else a ValidationError."""
    try:
        found = int(latin_digits(text))
    except ValueError:
        raise forms.ValidationError(_("Give a whole number.")) from None
    if not 1 <= found <= most:
        raise forms.ValidationError(_("Give a number from 1 to %(most)d.") % {"most": most})
    return found
