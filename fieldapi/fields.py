"""The shapes of what clients send. JSON types are taken as they are: "5" is no number.

Only shapes are checked here; what the domain thinks of the values it says itself.
"""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework_gis.fields import GeometryField

from gis_app.distortions.checks import YEARS

ON_THE_STREET = ("Point", "LineString", "Polygon")  # how a distortion may be drawn
LEAST_IN_LINE = 2
LEAST_IN_RING = 4


class Shape(serializers.Serializer):
    """An object with known members only; members that are null count as left out."""

    def to_internal_value(self, data):
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else ()
        if unknown:
            raise serializers.ValidationError(
                {name: [_("This property is not known.")] for name in sorted(unknown)}
            )
        found = super().to_internal_value(data)
        return {name: value for name, value in found.items() if value is not None}


def optional(field: type[serializers.Field], **options) -> serializers.Field:
    """Return a field that may be left out, null or, when it is a text, empty."""
    if issubclass(field, Text):
        options["allow_blank"] = True
    return field(required=False, allow_null=True, **options)


class Text(serializers.CharField):
    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return data


@extend_schema_field({"type": "number"})
class Number(serializers.Field):
    default_error_messages = {"invalid": _("Give a number.")}

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return float(data)


@extend_schema_field({"type": "integer"})
class Whole(Number):
    default_error_messages = {"invalid": _("Give a whole number.")}

    def to_internal_value(self, data):
        if isinstance(data, float):
            self.fail("invalid")
        return int(super().to_internal_value(data))


@extend_schema_field({"type": "number", "description": "SAR"})
class Money(Number):
    def to_internal_value(self, data):
        return Decimal(str(super().to_internal_value(data)))


@extend_schema_field({"type": "boolean"})
class YesNo(serializers.Field):
    default_error_messages = {"invalid": _("Give true or false.")}

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


@extend_schema_field({"type": "string", "format": "date-time"})
class Moment(serializers.Field):
    default_error_messages = {
        "invalid": _("Give the time as 2026-11-20T09:12:00+03:00."),
    }

    def to_internal_value(self, data):
        try:
            return datetime.fromisoformat(data)
        except (TypeError, ValueError):
            self.fail("invalid")


@extend_schema_field({"type": "string", "format": "date"})
class Day(serializers.Field):
    default_error_messages = {"invalid": _("Give the day as 2026-11-20.")}

    def to_internal_value(self, data):
        try:
            day = date.fromisoformat(data)
        except (TypeError, ValueError):
            self.fail("invalid")
        if day.year not in YEARS:
            self.fail("invalid")
        return day


class Geometry(GeometryField):
    """A GeoJSON geometry of one of *kinds*: longitude, then latitude, and nothing else."""

    default_error_messages = {
        "kind": _("Give a GeoJSON geometry of one of these types: {kinds}."),
        "invalid": _(
            "This geometry is not whole: positions are longitude, latitude; rings are closed."
        ),
    }

    def __init__(self, *kinds: str, **options):
        super().__init__(**options)
        self.kinds = kinds

    def to_internal_value(self, value):
        if not isinstance(value, dict) or value.get("type") not in self.kinds:
            self.fail("kind", kinds=", ".join(self.kinds))
        if set(value) != {"type", "coordinates"} or not IS_WHOLE[value["type"]](
            value["coordinates"]
        ):
            self.fail("invalid")
        return super().to_internal_value(value)


def _is_position(found) -> bool:
    return _is_list(found, 2, _is_number) and len(found) == 2  # noqa: PLR2004 (lon and lat)


def _is_number(found) -> bool:
    return isinstance(found, int | float) and not isinstance(found, bool)


def _is_line(found) -> bool:
    return _is_list(found, LEAST_IN_LINE, _is_position)


def _is_ring(found) -> bool:
    return _is_list(found, LEAST_IN_RING, _is_position) and found[0] == found[-1]


def _is_polygon(found) -> bool:
    return _is_list(found, 1, _is_ring)


def _is_multipolygon(found) -> bool:
    return _is_list(found, 1, _is_polygon)


def _is_list(found, least: int, is_part) -> bool:
    return isinstance(found, list) and len(found) >= least and all(map(is_part, found))


IS_WHOLE = {
    "Point": _is_position,
    "LineString": _is_line,
    "Polygon": _is_polygon,
    "MultiPolygon": _is_multipolygon,
}
