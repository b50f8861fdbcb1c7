"""Filters that pages, feeds and maps share. What cannot be read is refused, never ignored."""

from datetime import date, datetime, time, timedelta
from math import isfinite
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.gis.db.models import GeometryField
from django.db.models import Func, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import Filter, FilterSet

from gis_app.errors import Unreadable
from gis_app.geo import crs
from gis_app.language import latin_digits

RIYADH = ZoneInfo("Asia/Riyadh")


class StrictFilterSet(FilterSet):
    """A FilterSet that refuses unknown and malformed parameters with 400; it knows who asks."""

    def __init__(self, data, *, queryset, user):
        super().__init__(data, queryset=queryset)
        self.user = user

    @property
    def qs(self):
        unknown = [name for name in self.data if name not in self.filters]
        wrong = dict(self.errors) | {name: [_("This filter is not known.")] for name in unknown}
        if wrong:
            raise Unreadable(fields=wrong)
        return super().qs


class CodesField(forms.CharField):
    """Several codes by comma, each known; one that comes twice is told once."""

    def __init__(self, *, choices, **kwargs):
        super().__init__(**kwargs)
        self.known = choices

    def clean(self, value):
        codes = list(dict.fromkeys(code for code in super().clean(value).split(",") if code))
        known = set(self.known()) if codes else set()
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise forms.ValidationError(_("Not known: %(codes)s") % {"codes": ", ".join(unknown)})
        return codes


class CodesFilter(Filter):
    """Rows whose *field_name* is one of the codes; *choices* is a function that lists them."""

    field_class = CodesField

    def filter(self, qs, value):
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class BBoxField(forms.CharField):
    """lon, lat, lon, lat in degrees."""

    def clean(self, value):
        text = latin_digits(super().clean(value))
        if not text:
            return None
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            raise forms.ValidationError(_("Give four numbers: lon, lat, lon, lat.")) from None
        if not all(map(isfinite, (west, south, east, north))):
            raise forms.ValidationError(_("Give four numbers: lon, lat, lon, lat."))
        if not crs.in_world(west, south, east, north):
            raise forms.ValidationError(_("The box is empty or lies outside the world."))
        return crs.box(west, south, east, north)


class BBoxFilter(Filter):
    """Rows whose *field_name* reaches into the box; of a line or an area its own box counts."""

    field_class = BBoxField

    def filter(self, qs, value):
        if not value:
            return qs
        box = Unseen(value) if value.is_small else value
        return qs.filter(**{f"{self.field_name}__bboverlaps": box})


class Unseen(Func):
    """A box that the database does not look at when it plans: it takes the spatial index.

    So one plan is good for every small box, and can be kept.
    """

    template = "(SELECT %(expressions)s)"
    output_field = GeometryField(srid=crs.WGS84)

    def __init__(self, box) -> None:
        super().__init__(Value(box, output_field=self.output_field))


class DaysField(forms.CharField):
    """2026-01-01/2026-03-31, ../2026-03-31, 2026-01-01/.. or one day: whole days in Riyadh."""

    def clean(self, value):
        text = latin_digits(super().clean(value))
        if not text:
            return None
        first, _slash, last = text.partition("/") if "/" in text else (text, "/", text)
        try:
            start = None if first == ".." else date.fromisoformat(first)
            end = None if last == ".." else date.fromisoformat(last) + timedelta(days=1)
        except (ValueError, OverflowError):
            raise forms.ValidationError(
                _("Give days as 2026-01-01/2026-03-31; two dots stand for an open end.")
            ) from None
        if start and end and start >= end:
            raise forms.ValidationError(_("The first day comes after the last."))
        return tuple(day and datetime.combine(day, time(), RIYADH) for day in (start, end))


class DaysFilter(Filter):
    """Rows whose moment *field_name* falls on the days."""

    field_class = DaysField

    def filter(self, qs, value):
        start, end = value or (None, None)
        if start:
            qs = qs.filter(**{f"{self.field_name}__gte": start})
        if end:
            qs = qs.filter(**{f"{self.field_name}__lt": end})
        return qs


class PastDayField(forms.CharField):
    """A day that is over in Riyadh; None for today, which is as things are now."""

    # Nothing is as old; and days can be counted back from it.
    EARLIEST = date(1900, 1, 1)

    def clean(self, value):
        text = latin_digits(super().clean(value))
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day < self.EARLIEST:
            raise forms.ValidationError(_("Give a day as 2026-03-31."))
        today = timezone.localdate()
        if day > today:
            raise forms.ValidationError(_("This day is still to come."))
        return day if day < today else None


class PastDayFilter(Filter):
    """The day that the other filters speak of: the set that has it asks rows of that day for them."""

    field_class = PastDayField

    def filter(self, qs, value):
        return qs
