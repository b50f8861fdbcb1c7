"""The shapes of answers, as the OpenAPI document publishes them (JSON Schema 2020-12)."""

from typing import Any

from gis_app.catalogue.models import Element
from gis_app.distortions.models import Photo, Source
from gis_app.distortions.proof import Flag
from gis_app.distortions.status import Status
from gis_app.distortions.steps import ASIDE
from gis_app.sites.models import KioskSite, Park
from gis_app.treatment.workflow import MOVES

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
YES_NO: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
ID: Schema = {"type": "string", "format": "uuid"}
SHARE: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 1}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def one_of(values, **more) -> Schema:
    return {"type": "string", "enum": list(values), **more}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return schema | {"type": [schema["type"], "null"]}


def many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def members(properties: dict[str, Schema], *, optional: dict[str, Schema] | None = None) -> Schema:
    """An object with exactly these members."""
    return {
        "type": "object",
        "properties": properties | (optional or {}),
        "required": list(properties),
        "additionalProperties": False,
    }


def feature(properties: Schema, *kinds: str, id: Schema = TEXT) -> Schema:
    return members(
        {
            "type": one_of(["Feature"]),
            "id": id,
            "geometry": {"oneOf": [ref(kind) for kind in kinds]} if kinds else {"type": "null"},
            "properties": properties,
        }
    )


def collection(name: str, **more: Schema) -> dict[str, Schema]:
    return {"type": one_of(["FeatureCollection"]), **more, "features": many(ref(name))}


def page_of(name: str) -> Schema:
    link = members({"rel": one_of(["next"]), "href": ADDRESS, "type": TEXT})
    counted = COUNT | {"description": "On all pages; only with count=true."}
    return members(
        collection(name, links=many(link), numberReturned=COUNT),
        optional={"numberMatched": counted},
    )


def _geometry(kind: str, depth: int) -> Schema:
    coordinates: Schema = {
        "type": "array",
        "items": NUMBER,
        "minItems": 2,
        "maxItems": 2,
        "description": "Longitude, then latitude, in degrees (WGS 84).",
    }
    for _ in range(depth):
        coordinates = many(coordinates)
    return members({"type": one_of([kind]), "coordinates": coordinates})


DISTORTION = {
    "number": TEXT,
    "element": TEXT,
    "element_name": TEXT,
    "status": one_of(Status.values),
    "district": TEXT,
    "severity": {"type": "integer", "minimum": 1, "maximum": 4},
    "first_reported_at": MOMENT,
    "due_at": maybe(MOMENT),
    "notice_until": maybe(MOMENT) | {"description": "Until then the owner has time."},
    "treated_at": maybe(MOMENT),
    "verified_at": maybe(MOMENT),
    "quantity": maybe(NUMBER),
    "unit": one_of(Element.Unit.values),
    "reports": COUNT,
    "supporters": COUNT | {"description": "Persons or devices that reported it."},
    "late": YES_NO,
    "paused": YES_NO,
}
STEP = {
    "id": COUNT,
    "move": one_of(["report", *MOVES, "recur"]),
    "day": {"type": "string", "format": "date", "description": "On which it counts, in Riyadh."},
    "at": MOMENT,
    "number": TEXT | {"description": "Of the distortion."},
    "element": TEXT,
    "element_name": TEXT,
    "district": TEXT,
    "from_status": {
        "type": ["string", "null"],
        "enum": [None, "", *Status.values],
        "description": "Null where the public did not see it then.",
    },
    "status": one_of(Status.values),
    "quantity": maybe(NUMBER),
    "unit": one_of(Element.Unit.values),
    "due_at": maybe(MOMENT),
    "hours": maybe(NUMBER) | {"description": "Of a treatment: since the first report."},
    "on_time": {"type": ["boolean", "null"], "description": "Of a treatment with a promise."},
    "recurrence": YES_NO | {"description": "It turned out to have come back."},
}
DRAWN = ("Point", "LineString", "Polygon")
NAMES = {"code": TEXT, "name": TEXT, "name_ar": TEXT, "name_en": TEXT}
SITE = NAMES | {"kind": TEXT, "district": TEXT, "is_approximate": YES_NO}

COMPONENTS: dict[str, Schema] = {
    "Problem": {
        "type": "object",
        "description": "RFC 9457. `errors` names what was wrong where.",
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "errors": {"type": "object", "additionalProperties": many(TEXT)},
            "current": members({"status": one_of(Status.values), "version": COUNT}),
            "retry_after": COUNT,
        },
        "required": ["type", "title", "status", "detail"],
    },
    "Point": _geometry("Point", 0),
    "LineString": _geometry("LineString", 1),
    "Polygon": _geometry("Polygon", 2),
    "MultiPolygon": _geometry("MultiPolygon", 3),
    "Photo": members(
        {
            "kind": one_of(Photo.Kind.values),
            "sha256": TEXT,
            "width": COUNT,
            "height": COUNT,
            "added_at": MOMENT,
            "is_cleared": YES_NO,
            "large": ADDRESS,
            "thumb": ADDRESS,
        },
        optional={
            "taken_at": maybe(MOMENT),
            "place": {"oneOf": [ref("Point"), {"type": "null"}]},
            "accuracy_m": maybe(NUMBER),
            "flags": many(one_of(Flag.values)) | {"description": "What the verifier looks at."},
        },
    ),
    "Report": feature(
        members(
            {
                "number": TEXT,
                "distortion": TEXT,
                "district": TEXT,
                "status": one_of(Status.values),
                "track": maybe(ADDRESS) | {"description": "Private: for the sender only."},
                "element": TEXT,
                "observed_at": MOMENT,
                "received_at": MOMENT,
                "description": TEXT,
                "place_note": TEXT,
                "accuracy_m": maybe(NUMBER),
                "quantity": maybe(NUMBER),
                "source": one_of(Source.values),
                "photos": many(ref("Photo")),
            }
        ),
        *DRAWN,
        id=ID,
    ),
    "Step": members(
        {
            "move": one_of(["report", *MOVES, *ASIDE]),
            "at": MOMENT,
            "from_status": one_of(["", *Status.values]),
            "to_status": one_of(Status.values),
            "words": TEXT | {"description": "The status in the reader's language."},
            "due_at": maybe(MOMENT),
        },
        optional={
            name: maybe(TEXT)
            for name in ("by", "team", "cost", "reason", "note", "body", "reference")
        }
        | {"quantity": maybe(NUMBER), "recorded_at": MOMENT, "changes": many(ref("Change"))},
    ),
    "Change": members({"aspect": TEXT, "before": {}, "after": {}}),
    "StepInList": feature(members(STEP), *DRAWN, id=COUNT),
    "Distortion": feature(members(DISTORTION), *DRAWN),
    "DistortionNear": feature(
        members(
            {
                **DISTORTION,
                "distance_m": NUMBER | {"description": "To its nearest point."},
                "photo": maybe(ADDRESS) | {"description": "Its first one, small."},
            }
        ),
        *DRAWN,
    ),
    "DistortionsNear": members(collection("DistortionNear")),
    "DistortionInFull": feature(
        members(
            {
                **DISTORTION,
                "recurrence_of": maybe(TEXT),
                "descriptions": many(TEXT),
                "timeline": many(ref("Step")),
                "photos": many(ref("Photo")),
            }
        ),
        *DRAWN,
    ),
    "Move": members(
        {
            "id": ID,
            "number": TEXT,
            "move": one_of(MOVES),
            "at": MOMENT,
            "from_status": one_of(Status.values),
            "to_status": one_of(Status.values),
            "version": COUNT | {"description": "Of the distortion now: its ETag."},
            "into": maybe(TEXT) | {"description": "What it was merged into, or split off."},
        }
    ),
    "District": feature(
        members(
            NAMES
            | {
                "kind": TEXT,
                "area_km2": NUMBER,
                "population": maybe(COUNT),
                "sub_municipality": maybe(TEXT),
                "is_approximate": YES_NO,
            }
        ),
        "MultiPolygon",
    ),
    "Element": feature(
        members(
            NAMES
            | {
                "title": TEXT,
                "title_ar": TEXT,
                "title_en": TEXT,
                "geometries": many(one_of(Element.Geometry.values)),
                "unit": one_of(Element.Unit.values),
            }
        )
    ),
    "Elements": members(collection("Element")),
    "Park": feature(
        members(SITE | {"amenities": many(one_of(Park.Amenity.values)), "area_m2": NUMBER}),
        "MultiPolygon",
    ),
    "Kiosk": feature(
        members(SITE | {"status": one_of(KioskSite.Status.values), "holder": TEXT}), "Point"
    ),
    "Steps": page_of("StepInList"),
    **{f"{name}s": page_of(name) for name in ("Distortion", "District", "Park", "Kiosk")},
}
