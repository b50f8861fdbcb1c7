"""What the city publishes. One Layer is a GeoJSON feed and a GeoDataFrame.

Every door asks `rows(user, params)` first: visibility, then filters. So nothing is shown or
counted in two ways.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib.gis.db.models.functions import AsWKB
from django.core.signing import BadSignature, Signer
from django.db.models import F, Field, Model, QuerySet
from django.utils.translation import gettext_lazy as _

from gis_app.distortions.happenings import happenings
from gis_app.distortions.models import Distortion, Step
from gis_app.errors import Unreadable
from gis_app.geo import crs, encode
from gis_app.geo.filters import StrictFilterSet
from gis_app.geo.keyset import Beyond
from gis_app.language import named
from gis_app.patience import bounded
from gis_app.places.filters import DistrictFilter, StreetFilter
from gis_app.places.models import District, Street
from gis_app.sites.filters import KioskFilter, ParkFilter, SitedDistortionFilter
from gis_app.sites.models import KioskSite, Park
from gis_app.treatment.filters import StepFilter

if TYPE_CHECKING:
    import geopandas


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A published kind of thing: whose rows, which filters, what is told of each."""

    name: str
    model: type[Model]
    rows_for: Callable[[Any], QuerySet]
    filters: type[StrictFilterSet]
    properties: Mapping[str, str]  # published name → where the queryset has it
    geometry: str
    id: str = "code"
    key: tuple[str, ...] = ("code",)  # unique, and in the order of the lists
    newest_first: bool = False
    is_history: bool = False  # so long that not every question to it has an index

    def rows(self, user, params: Mapping[str, str]) -> QuerySet:
        """Return what *user* may see, narrowed by *params*, in the layer's order."""
        rows = self.filters(params, queryset=self.rows_for(user), user=user).qs
        sign = "-" if self.newest_first else ""
        return rows.order_by(*(f"{sign}{part}" for part in self.key))

    def bounded(self, params: Mapping[str, str]) -> AbstractContextManager:
        """Bound the time that reading the past may take: no index answers for all of it."""
        return bounded(when=self.is_history or bool(params.get("as_of")))

    def page(self, rows: QuerySet, *, limit: int | None = None) -> encode.Page:
        """Encode the first *limit* of *rows* as GeoJSON features in EPSG:4326."""
        return self.statement(rows, limit=limit).page()

    def statement(self, rows: QuerySet, *, limit: int | None = None) -> encode.Statement:
        """Return the question behind a page, which can be kept."""
        return encode.statement(
            rows,
            geometry=self.geometry,
            properties=self.properties,
            id=self.id,
            key=self.key,
            limit=limit,
        )

    def collection(self, rows: QuerySet) -> bytes:
        """Encode all *rows* as one GeoJSON FeatureCollection."""
        page = self.page(rows)
        return encode.collection(page.features, numberReturned=page.count)

    def after(self, rows: QuerySet, cursor: str) -> QuerySet:
        """Return the *rows* that follow the one that *cursor* names; all when it is empty."""
        return self.beyond(rows, self.opened(cursor)) if cursor else rows

    def beyond(self, rows: QuerySet, key: Sequence[Any]) -> QuerySet:
        """Return the *rows* that follow the one of that *key*."""
        return rows.filter(Beyond(self.key, key, newest_first=self.newest_first))

    def cursor_at(self, row: Any) -> str:
        """Return the cursor that names *row*, a model instance."""
        return self.cursor([getattr(row, part) for part in self.key])

    def cursor(self, key: Sequence[Any]) -> str:
        """Return the cursor that names the row of that *key*."""
        return self._seal.sign_object([_text(value) for value in key])

    def opened(self, cursor: str) -> list[Any]:
        """Return the key of the row that *cursor* names; Unreadable when we did not write it."""
        try:
            texts = self._seal.unsign_object(cursor)
        except BadSignature:
            raise Unreadable(fields={"cursor": [_("Follow the link to the next page.")]}) from None
        values = zip(self.key, texts, strict=True)
        return [self._column(part).to_python(text) for part, text in values]

    def frame(
        self, user, params: Mapping[str, str], *, most: int | None = None
    ) -> "geopandas.GeoDataFrame":
        """Return the rows, or the first *most*, as a GeoDataFrame in EPSG:4326: what is published."""
        # Not above: with pandas, every start would take half as long again, for a planner's page.
        import geopandas  # noqa: PLC0415

        names = {f"p_{name}": F(path) for name, path in self.properties.items()}
        rows = self.rows(user, params).annotate(wkb=AsWKB(self.geometry), **names)
        found = list(rows.values_list("wkb", *names)[:most])
        shapes = geopandas.GeoSeries.from_wkb([bytes(row[0]) for row in found], crs=crs.WGS84)
        data = [dict(zip(self.properties, row[1:], strict=True)) for row in found]
        return geopandas.GeoDataFrame(data, geometry=shapes, columns=[*self.properties])

    def _column(self, name: str) -> Field:
        return cast(Field, self.model._meta.get_field(name))

    @property
    def _seal(self) -> Signer:
        # Signed, so that nothing but what we wrote ourselves comes near the database.
        return Signer(salt=f"rasd.cursor.{self.name}")


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


NAMED = {name: name for name in ("code", "name", "name_ar", "name_en", "kind")}
PLACED = {"district": "district_code", "is_approximate": "is_approximate"}
LAYERS = {
    layer.name: layer
    for layer in (
        Layer(
            name="distortions",
            model=Distortion,
            rows_for=lambda user: Distortion.objects.visible_to(user).described(),
            filters=SitedDistortionFilter,
            geometry="shape",
            id="number",
            key=("first_reported_at", "number"),
            newest_first=True,
            properties={
                "number": "number",
                "element": "element_code",
                "element_name": "element_name",
                "status": "shown_status",
                "district": "district_code",
                "severity": "severity",
                "first_reported_at": "first_reported_at",
                "due_at": "shown_due_at",
                "notice_until": "notice_until",
                "treated_at": "shown_treated_at",
                "verified_at": "shown_verified_at",
                "quantity": "shown_quantity",
                "unit": "unit",
                "reports": "reports_count",
                "supporters": "supporters_count",
                "late": "late",
                "paused": "paused",
            },
        ),
        Layer(
            name="steps",
            model=Step,
            rows_for=happenings,
            filters=StepFilter,
            geometry="shape",
            id="id",
            key=("day", "id"),
            newest_first=True,
            is_history=True,
            properties={
                "id": "id",
                "move": "move",
                "day": "day",
                "at": "at",
                "number": "number",
                "element": "element_code",
                "element_name": "element_name",
                "district": "district_code",
                "from_status": "shown_from",
                "status": "to_status",
                "quantity": "to_quantity",
                "unit": "unit",
                "due_at": "due_at",
                "hours": "hours",
                "on_time": "is_on_time",
                "recurrence": "is_return",
            },
        ),
        Layer(
            name="districts",
            model=District,
            rows_for=lambda user: District.objects.described(),
            filters=DistrictFilter,
            geometry="boundary",
            properties={
                **NAMED,
                "area_km2": "area_km2",
                "population": "population",
                "sub_municipality": "sub_municipality_code",
                "is_approximate": "is_approximate",
            },
        ),
        Layer(
            name="parks",
            model=Park,
            rows_for=lambda user: Park.objects.described(),
            filters=ParkFilter,
            geometry="boundary",
            properties={
                **NAMED,
                "amenities": "amenities",
                "area_m2": "area_m2",
                **PLACED,
            },
        ),
        Layer(
            name="kiosks",
            model=KioskSite,
            rows_for=lambda user: KioskSite.objects.described(),
            filters=KioskFilter,
            geometry="location",
            properties={
                **NAMED,
                "status": "status",
                "holder": "holder",
                **PLACED,
            },
        ),
        Layer(
            name="streets",
            model=Street,
            rows_for=lambda user: Street.objects.annotate(local_name=named()),
            filters=StreetFilter,
            geometry="line",
            id="pk",
            key=("id",),
            properties={"name": "local_name", "kind": "kind"},
        ),
    )
}
