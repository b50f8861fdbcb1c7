"""One park or kiosk site: read by everybody, written by planners."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly

from fieldapi import schemas
from fieldapi.authentication import HasScope
from fieldapi.bodies import GEOJSON
from fieldapi.endpoint import Endpoint, Scope, asked, status_of
from fieldapi.errors import NotThere
from fieldapi.fields import Geometry, Shape, Text, YesNo, optional
from gis_app.layers import LAYERS
from gis_app.sites.actions import save_kiosk, save_park


class ParkPropertiesShape(Shape):
    name_ar = Text()
    name_en = optional(Text)
    kind = optional(Text)
    amenities = optional(serializers.ListField, child=Text())
    is_approximate = optional(YesNo)


class ParkShape(Shape):
    """A GeoJSON Feature: the park's ground and what is there."""

    type = serializers.ChoiceField(["Feature"])
    geometry = Geometry("Polygon", "MultiPolygon")
    properties = ParkPropertiesShape()


class KioskPropertiesShape(Shape):
    name_ar = Text()
    name_en = optional(Text)
    kind = optional(Text)
    status = Text()
    holder = optional(Text)
    reason = optional(Text)
    is_approximate = optional(YesNo)


class KioskShape(Shape):
    """A GeoJSON Feature: where the kiosk stands and how far its permit is."""

    type = serializers.ChoiceField(["Feature"])
    geometry = Geometry("Point")
    properties = KioskPropertiesShape()


class Site(Endpoint):
    """One entry of a register."""

    writes = Scope.SITES
    permission_classes = [IsAuthenticatedOrReadOnly, HasScope]


class OnePark(Site):
    @extend_schema(
        operation_id="read_park",
        summary="Read a park",
        responses=schemas.answers({200: "Park"}, 400, 401, 403, 404),
    )
    def get(self, request, code: str):
        """The same feature as in the list."""
        return _told("parks", request, code)

    @extend_schema(
        operation_id="save_park",
        summary="Create a park, or replace what is known of it",
        request=ParkShape,
        responses=schemas.answers({201: "Park", 200: "Park"}, 400, 401, 403, 404, 413, 415, 422),
    )
    def put(self, request, code: str):
        """The district and the area follow from the ground drawn."""
        _park, is_new = save_park(code=code, by=request.user, **asked(ParkShape, request.data))
        return _told("parks", request, code, status=status_of(is_new))


class OneKiosk(Site):
    @extend_schema(
        operation_id="read_kiosk",
        summary="Read a kiosk site",
        responses=schemas.answers({200: "Kiosk"}, 400, 401, 403, 404),
    )
    def get(self, request, code: str):
        """The same feature as in the list."""
        return _told("kiosks", request, code)

    @extend_schema(
        operation_id="save_kiosk",
        summary="Create a kiosk site, or replace what is known of it",
        request=KioskShape,
        responses=schemas.answers({201: "Kiosk", 200: "Kiosk"}, 400, 401, 403, 404, 413, 415, 422),
    )
    def put(self, request, code: str):
        """A change of status goes one step and is kept with its reason."""
        _kiosk, is_new = save_kiosk(code=code, by=request.user, **asked(KioskShape, request.data))
        return _told("kiosks", request, code, status=status_of(is_new))


def _told(layer: str, request, code: str, **answer: Any) -> HttpResponse:
    """Answer the feature as the layer publishes it."""
    rows = LAYERS[layer].rows_for(request.user).filter(code=code)
    page = LAYERS[layer].page(rows)
    if not page.count:
        raise NotThere
    return HttpResponse(page.features, content_type=GEOJSON, **answer)
