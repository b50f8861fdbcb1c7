"""Which district a place belongs to, and districts as they are in force today."""

from collections.abc import Iterable
from datetime import date

from django.apps import apps
from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db.models import (
    BigIntegerField,
    F,
    FilteredRelation,
    Func,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from gis_app.geo import crs
from gis_app.language import named

SQUARE_METRES_PER_KM2 = 1_000_000
NOWHERE = 0  # the key of no district


class DistrictOf(Func):
    """The key of the district that a stored geometry belongs to, or NULL outside the city.

    A point belongs to the district that covers it; on a border or in an overlap to the lowest
    code. A line or a polygon belongs where its largest part lies. What touches no district but
    lies inside the amana's outline goes to the nearest within the amana's `gap_metres`.

    The rule is an SQL function (see the migration that makes it), so that one look-up and a
    bulk re-assignment cannot differ: `Distortion.objects.annotate(there=DistrictOf("geometry"))`.
    """

    function = "rasd_district_of"
    output_field = BigIntegerField()


def astray(rows: models.QuerySet, geometry: str) -> models.QuerySet:
    """Return the *rows* that lie in another district now than their own: `there`, or NOWHERE."""
    # Not NULL, which is neither equal nor unequal to any district.
    there = Coalesce(DistrictOf(geometry), NOWHERE)
    return rows.annotate(there=there).exclude(there=F("district"))


class DistrictQuerySet(models.QuerySet):
    def containing(self, geometry: GEOSGeometry):
        """Return the district that *geometry* (WGS 84) belongs to, or None outside the city."""
        place = Value(geometry, output_field=models.GeometryField(srid=crs.WGS84))
        return self.filter(pk=DistrictOf(place)).first()

    def with_amana(self):
        """With the amana, but not its outline, which is long."""
        return self.select_related("amana").defer("amana__outline")

    def in_scope_of(self, user):
        """Districts of the part of the city that *user* works for."""
        scope = Q()
        if user.amana_id:
            scope &= Q(amana=user.amana_id)
        if user.sub_municipality_id:
            scope &= Q(
                jurisdictions__sub_municipality=user.sub_municipality_id,
                jurisdictions__valid_to__isnull=True,
            )
        if user.district_keys:
            scope &= Q(pk__in=user.district_keys)
        return self.filter(scope)

    def belonging_to(self, codes: Iterable[str], *, on: date | None = None):
        """Districts of the sub-municipalities with these *codes* at the end of a day, or now.

        Before the first day that is known a district belongs where it belonged first.
        """
        theirs = apps.get_model("places", "Jurisdiction").objects.filter(district=OuterRef("pk"))
        still = theirs.filter(_not_over(on)).order_by("valid_from")
        then = still.values("sub_municipality__code")[:1]
        return self.annotate(belonged_to=Subquery(then)).filter(belonged_to__in=codes)

    def in_force(self, on: date | None = None):
        """Districts that have a boundary at the end of a day, or now: the version without an end."""
        return self.annotate(drawn=_of_the_day("versions", on)).filter(drawn__isnull=False)

    def described(self, on: date | None = None):
        """Districts in force with `name`, `boundary`, `label_point`, `area_km2`, `is_approximate`,
        `sub_municipality_code` and `sub_municipality_name`, in the active language, in one query.

        Before the first day that is known the city lies as it lay first.
        """
        if on:
            on = max(on, self.aggregate(first=Min("versions__valid_from"))["first"] or on)
        return self.in_force(on).annotate(
            belongs=_of_the_day("jurisdictions", on),
            name=named(),
            boundary=F("drawn__boundary"),
            label_point=F("drawn__label_point"),
            area_km2=F("drawn__area_m2") / SQUARE_METRES_PER_KM2,
            is_approximate=F("drawn__is_approximate"),
            sub_municipality_code=F("belongs__sub_municipality__code"),
            sub_municipality_name=named("belongs__sub_municipality__name"),
        )

    def box(self) -> Polygon:
        """The box around the districts in force; an empty one where there are none."""
        extent = self.in_force().aggregate(box=models.Extent("drawn__boundary"))["box"]
        return crs.box(*(extent or (0, 0, 0, 0)))


def _of_the_day(dated: str, on: date | None) -> FilteredRelation:
    """Join what a district's *dated* rows say of the end of a day, or of now."""
    return FilteredRelation(dated, condition=_in_force(on, of=f"{dated}__"))


def _in_force(on: date | None, of: str = "") -> Q:
    begun = Q(**{f"{of}valid_from__lte": on}) if on else Q()
    return begun & _not_over(on, of)


def _not_over(on: date | None, of: str = "") -> Q:
    """Rows that were not over at the end of a day; now only those without an end."""
    endless = Q(**{f"{of}valid_to__isnull": True})
    return endless | Q(**{f"{of}valid_to__gt": on}) if on else endless


class JurisdictionQuerySet(models.QuerySet):
    def in_force(self, on: date | None = None):
        """Those in force at the end of a day, or now."""
        return self.filter(_in_force(on))
