"""The shapes of the index and of coverage, as the OpenAPI document publishes them."""

from fieldapi.components import (
    ADDRESS,
    COUNT,
    DAY,
    NUMBER,
    SHARE,
    TEXT,
    YES_NO,
    Schema,
    collection,
    feature,
    many,
    maybe,
    members,
    ref,
)
from gis_app.places.models import Sight

BY_ELEMENT: Schema = {"type": "object", "additionalProperties": NUMBER}

INDEX_COMPONENTS: dict[str, Schema] = {
    "IndexFigures": members(
        {
            "code": maybe(TEXT),
            "name": TEXT,
            "area_km2": NUMBER,
            "population": maybe(COUNT),
            "index": NUMBER | {"description": "Points of what is open: days, weighted."},
            "per_km2": maybe(NUMBER),
            "per_1000": maybe(NUMBER) | {"description": "For each 1,000 residents."},
            "parts": BY_ELEMENT | {"description": "Points by element; their sum is the index."},
            "awaiting": NUMBER | {"description": "What awaits triage would add."},
            "claimed": NUMBER | {"description": "What is treated, not yet verified, would add."},
            "in_force": NUMBER | {"description": "Points by the formula in force."},
            "rank": maybe(COUNT)
            | {"description": "1 has most points per km²; null: too little known, or too small."},
            "coverage": SHARE,
            "is_thin": maybe(YES_NO) | {"description": "Too little of it was looked at."},
            "list": ADDRESS | {"description": "The rows behind `index`."},
        }
    ),
    "Formula": members(
        {
            "version": COUNT,
            "valid_from": DAY,
            "note": TEXT,
            "weights": BY_ELEMENT,
            "usual": {"type": "object", "additionalProperties": maybe(NUMBER)},
            "severity": many(NUMBER),
            "size": members({"least": NUMBER, "most": NUMBER}),
            "cap_days": COUNT,
            "least_km2": NUMBER,
        }
    ),
    "DistrictIndex": feature(ref("IndexFigures"), "MultiPolygon"),
    "Index": members(
        collection(
            "DistrictIndex",
            as_of=DAY,
            what_if=YES_NO | {"description": "Weighed otherwise than the formula in force."},
            formula=ref("Formula"),
            totals=ref("IndexFigures"),
        )
    ),
    "DistrictCoverage": feature(
        members(
            {
                "code": TEXT,
                "name": TEXT,
                "share": {"type": "number", "minimum": 0, "maximum": 1},
                "cells": COUNT | {"description": "Squares of 200 m, or parts of them."},
                "looked_at": COUNT,
                "last_looked_at": maybe(DAY),
                "sources": members(dict.fromkeys(Sight.Kind.values, COUNT)),
                "is_thin": YES_NO,
            }
        ),
        "MultiPolygon",
    ),
    "Coverage": members(collection("DistrictCoverage", as_of=DAY, days=COUNT)),
}
