"""How distortions are asked for: the same parameters in the feed, the list, the map and the desk."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from gis_app.catalogue.models import Element
from gis_app.distortions.as_of import ever_since
from gis_app.distortions.models import Distortion, Report, Source
from gis_app.distortions.queries import scope_of
from gis_app.distortions.status import Status
from gis_app.geo.filters import (
    BBoxFilter,
    CodesFilter,
    DaysFilter,
    PastDayFilter,
    StrictFilterSet,
)
from gis_app.language import Fold, latin_digits
from gis_app.places.filters import codes_of
from gis_app.places.models import Amana, District, SubMunicipality

LONGEST_SEARCH = 80  # characters


class PlacedFilter(StrictFilterSet):
    """What progress and lists have in common."""

    element = CodesFilter("element__code", choices=codes_of(Element))
    district = CodesFilter("district__code", choices=codes_of(District))
    amana = CodesFilter("district__amana__code", choices=codes_of(Amana))
    sub_municipality = CodesFilter(method="of_sub_municipality", choices=codes_of(SubMunicipality))
    source = CodesFilter("source", choices=lambda: Source.values)

    def of_sub_municipality(self, rows, name, codes):
        return rows.filter(district__in=District.objects.belonging_to(codes))


class DistortionFilter(PlacedFilter):
    """How `described` distortions are asked for, as they are or as they were on a day.

    What a step keeps is asked of that day; place, words, source and recurrence are those of now.
    """

    as_of = PastDayFilter(label=_("The state at the end of that day, such as 2026-03-31."))
    element = CodesFilter("element_code", choices=codes_of(Element))
    district = CodesFilter("district_code", choices=codes_of(District))
    amana = CodesFilter(method="of_amana", choices=codes_of(Amana))
    bbox = BBoxFilter("shape")
    status = CodesFilter("shown_status", choices=lambda: Status.values)
    observed = DaysFilter("first_reported_at")
    treated = DaysFilter("shown_treated_at")
    verified = DaysFilter("shown_verified_at")
    late = ChoiceFilter(method="only_late", choices=[("true", _("Late only"))])
    recurrence = ChoiceFilter(method="only_recurring", choices=[("true", _("Recurrences only"))])
    relapsed = ChoiceFilter(method="only_relapsed", choices=[("true", _("Came back later"))])
    q = CharFilter(method="search", max_length=LONGEST_SEARCH, label=_("Search"))

    def filter_queryset(self, rows):
        """The day first: all the others ask of it."""
        return super().filter_queryset(self._of(self.day, rows) if self.day else rows)

    @property
    def day(self) -> date | None:
        """The past day that is asked for; None is now."""
        return self.form.cleaned_data["as_of"]

    def _of(self, day: date, rows):
        asked = self.form.cleaned_data
        keys = {
            "element": Element.objects.filter(code__in=asked["element"]).values("pk"),
            "district": District.objects.filter(code__in=asked["district"]).values("pk"),
        }
        keys = {name: found for name, found in keys.items() if asked[name]}
        return rows.filter(ever_since(day, **keys)).as_of(day, user=self.user)

    def of_amana(self, rows, name, codes):
        theirs = District.objects.filter(amana__code__in=codes)
        return rows.filter(shown_district__in=theirs.values("pk"))

    def of_sub_municipality(self, rows, name, codes):
        theirs = District.objects.belonging_to(codes, on=self.day).values("pk")
        if self.day:
            rows = rows.filter(ever_since(self.day, district=theirs))
        return rows.filter(shown_district__in=theirs)

    def only_late(self, rows, name, value):
        return rows.filter(late=True) if self.day else rows.late()

    def only_recurring(self, rows, name, value):
        return rows.recurring() if value else rows

    def only_relapsed(self, rows, name, value):
        return rows.relapsed() if value else rows

    def search(self, rows, name, value):
        """Find *value* in numbers and districts; for staff also in what was written, in their scope."""
        text = latin_digits(value).strip()
        if not text:
            return rows
        folded, number = Fold(Value(text)), Q(number__contains=text.upper())
        written = Report.objects.filter(folded__contains=folded)
        theirs = District.objects.filter(folded__contains=folded).values_list("pk", flat=True)
        districts = list(theirs)
        if districts:  # many are found: the newest of them soon
            said = scope_of(self.user) & Q(Exists(written.filter(distortion=OuterRef("pk"))))
            return rows.filter(number | Q(district__in=districts) | said)
        # Few are: by a union of keys, which indexes answer. One condition or the other on two
        # tables would read every row.
        mine = written.filter(scope_of(self.user, "distortion__"))
        numbered = Distortion.objects.filter(number)
        return rows.filter(pk__in=numbered.values("pk").union(mine.values("distortion")))
