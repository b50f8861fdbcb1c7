"""How the OpenAPI document tells of parameters and answers. Requests tell of themselves."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from fieldapi.components import COMPONENTS, Schema, ref
from fieldapi.converters import Code, Number, Sha256
from fieldapi.index_components import INDEX_COMPONENTS
from fieldapi.progress_components import PROGRESS_COMPONENTS
from gis_app.distortions.checks import MOST_ACCURACY_M
from gis_app.distortions.models import Photo
from gis_app.geo.filters import BBoxFilter, CodesFilter, DaysFilter
from gis_app.problem import CONTENT_TYPE as PROBLEM
from gis_app.progress.areas import BY

REASONS = {
    304: "Not changed since",
    308: "It was merged: go on to the survivor",
    400: "Cannot be read, or an unknown or malformed parameter",
    401: "No valid token",
    403: "The role, or the token's scope, may not",
    404: "Not there, or not for you",
    406: "The answer comes as JSON only",
    409: "Does not start from the current state, or the identifier was used for other content",
    412: "If-Match names another version",
    413: "Too large",
    415: "A media type that is not taken here",
    422: "Readable but refused, with the reason; nothing has changed",
    429: "Too many from this client; Retry-After says when to come again",
    503: "It would take too long: ask for less",
}
IN_ADDRESSES: dict[str, Schema] = {
    "id": {"type": "string", "format": "uuid"},
    **{
        name: {"type": "string", "pattern": f"^{converter.regex}$"}
        for name, converter in (("sha256", Sha256), ("number", Number), ("code", Code))
    },
}
WITHOUT_BODY = (304, 308)


def answers(good: dict[int, str], *bad: int, media: str = "application/geo+json") -> dict:
    """Describe the answers of one operation: components by status, and the problems."""
    told: dict[Any, OpenApiResponse] = {}
    for status, component in good.items():
        told[status, media] = OpenApiResponse(ref(component), component)
    for status in (*bad, 406):
        if status in WITHOUT_BODY:
            told[status] = OpenApiResponse(None, REASONS[status])
        else:
            told[status, PROBLEM] = OpenApiResponse(ref("Problem"), REASONS[status])
    return told


def listing(component: str, filters, usual_limit: int = 1000, *bad: int):
    """Describe one list of a layer, which may also answer *bad*."""
    return extend_schema(
        operation_id=f"list_{component.lower()}",
        summary=f"{component}, page by page",
        parameters=[*parameters_of(filters, usual_limit), *KEPT],
        responses=answers({200: component}, 304, 400, 401, 403, *bad),
    )


def _header(name: str, *statuses: int, description: str) -> OpenApiParameter:
    return OpenApiParameter(
        name, str, OpenApiParameter.HEADER, description=description, response=list(statuses)
    )


def _asked_in_header(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description)


def _in_question(name: str, schema: Schema, description: str = "", **more) -> OpenApiParameter:
    return OpenApiParameter(name, schema, description=description, **more)


ETAG = _header(
    "ETag",
    200,
    304,
    description='The version, the number of its steps, and a mark of the answer: "7-1a2b3c4d".',
)
LINK = _header("Link", 200, description="The next page, where there is one.")
RETRY_AFTER = _header("Retry-After", 429, description="Seconds.")
IF_NONE_MATCH = _asked_in_header("If-None-Match", "An ETag; 304 when the answer would be the same.")
IF_MATCH = _asked_in_header("If-Match", 'An ETag, or "7"; 412 when that is no longer the version.')
KEPT_SO_LONG = [
    _header("ETag", 200, 304, description="The same as long as the answer is."),
    _header("Cache-Control", 200, 304, description="Who may keep the answer, and how long."),
]
KEPT = [IF_NONE_MATCH, *KEPT_SO_LONG]
TRACK = _in_question("track", {"type": "string"}, "The last part of the report's private address.")
PHOTO_KIND = _in_question("kind", {"type": "string", "enum": Photo.Kind.values, "default": "after"})
PHOTO_PROOF = [
    _in_question("lon", {"type": "number", "minimum": -180, "maximum": 180}, "Of the device."),
    _in_question("lat", {"type": "number", "minimum": -90, "maximum": 90}, "Of the device."),
    _in_question("accuracy_m", {"type": "number", "minimum": 0}, "As the device says."),
    _in_question(
        "taken_at",
        {"type": "string", "format": "date-time"},
        "By the device's clock, with its zone; a + in it is written %2B.",
    ),
]
PHOTO_BYTES = dict.fromkeys(
    ("image/jpeg", "image/png", "image/webp", "image/heic", "application/octet-stream"),
    OpenApiTypes.BINARY,
)
NEAR = [
    _in_question("element", {"type": "string"}, "Its code.", required=True),
    _in_question("lon", {"type": "number", "minimum": -180, "maximum": 180}, required=True),
    _in_question("lat", {"type": "number", "minimum": -90, "maximum": 90}, required=True),
    _in_question(
        "accuracy_m",
        {"type": "number", "minimum": 0, "maximum": MOST_ACCURACY_M},
        "How far off the place may be: so much farther is looked.",
    ),
]
PAGING = [
    _in_question("cursor", {"type": "string"}, "From the link to the next page."),
    _in_question(
        "count",
        {"type": "string", "enum": ["true", "false"]},
        "Also count all (slow on a million).",
    ),
]


CODES: Schema = {"type": "array", "items": {"type": "string"}}
AS_OF = _in_question(
    "as_of", {"type": "string", "format": "date"}, "The end of this day in Riyadh."
)
OF_PLACES = [
    _in_question(name, CODES, "Codes, by comma.", style="form", explode=False)
    for name in ("district", "amana", "sub_municipality")
]
PROGRESS = [
    AS_OF,
    _in_question("from", {"type": "string", "format": "date"}, "The first day of a period."),
    _in_question("to", {"type": "string", "format": "date"}, "Its last day: in place of as_of."),
    *KEPT,
    *(
        _in_question(name, CODES, "Codes, by comma.", style="form", explode=False)
        for name in ("element", "source")
    ),
    *OF_PLACES,
]
SERIES = [
    _in_question("every", {"type": "string", "enum": ["day", "week", "month", "quarter"]}),
    *PROGRESS,
]
TABLE = [_in_question("by", {"type": "string", "enum": list(BY)}), *PROGRESS]
FACTOR: Schema = {"type": "number", "minimum": 0, "maximum": 100}
INDEX = [
    AS_OF,
    _in_question("element", CODES, "Codes, by comma.", style="form", explode=False),
    *OF_PLACES,
    _in_question(
        "what_if",
        {"type": "object", "additionalProperties": FACTOR},
        "What if an element weighed otherwise: weight.pothole=3.",
        style="form",
        explode=True,
    ),
    *(_in_question(f"severity.{n}", FACTOR, "What if.") for n in (1, 2, 3, 4)),
    _in_question("cap_days", {"type": "integer", "minimum": 1, "maximum": 3650}, "What if."),
]
COVERAGE = [
    AS_OF,
    _in_question("days", {"type": "integer", "minimum": 1, "maximum": 3650}, "How far back."),
    *OF_PLACES,
]


def parameters_of(filters, usual_limit: int | None = None) -> list[OpenApiParameter]:
    """Describe what a list can be asked: the layer's own filters, then the paging."""
    told = [_filter_told(name, filter_) for name, filter_ in filters.base_filters.items()]
    if usual_limit is None:
        return told
    limit = {"type": "integer", "minimum": 1, "maximum": 1000, "default": usual_limit}
    return [*told, _in_question("limit", limit), *PAGING, LINK]


def _filter_told(name: str, filter_) -> OpenApiParameter:
    match filter_:
        case CodesFilter():
            codes = {"type": "array", "items": {"type": "string"}}
            return _in_question(name, codes, "Codes, by comma.", style="form", explode=False)
        case BBoxFilter():
            return _in_question(name, {"type": "string"}, "lon,lat,lon,lat in degrees.")
        case DaysFilter():
            return _in_question(
                name,
                {"type": "string"},
                "Whole days in Riyadh: 2026-01-01/2026-03-31, ../… or …/..",
            )
    choices = filter_.extra.get("choices")
    enum = {"enum": [value for value, _label in choices]} if choices else {}
    return _in_question(name, {"type": "string"} | enum, str(filter_.label or ""))


def complete(result, generator, request, public):
    """Add what the framework cannot know (a hook of drf-spectacular).

    These are the shapes that answers refer to, and what may stand in an address.
    """
    result["components"]["schemas"] |= COMPONENTS | INDEX_COMPONENTS | PROGRESS_COMPONENTS
    for path in result["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    parameter["schema"] = IN_ADDRESSES[parameter["name"]]
    return result


class GeometryShape(OpenApiSerializerFieldExtension):
    target_class = "fieldapi.fields.Geometry"
    priority = 1  # before the one for the geometries of models

    def map_serializer_field(self, auto_schema, direction):
        return {"oneOf": [ref(kind) for kind in self.target.kinds]}
