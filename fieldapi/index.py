"""The index of visual distortion, and how much of each district was looked at."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema

from fieldapi import schemas
from fieldapi.bodies import GEOJSON
from fieldapi.caching import once_until_the_next_step
from fieldapi.endpoint import Endpoint, asked_once
from gis_app.geo import encode
from gis_app.layers import LAYERS
from gis_app.progress.coverage import by_district
from gis_app.progress.index import Index, IndexFigures, index

DECIMALS = 3


class DistrictsIndex(Endpoint):
    questions = None

    @extend_schema(
        operation_id="districts_index",
        summary="Each district's index of visual distortion, also by other weights",
        parameters=schemas.INDEX,
        responses=schemas.answers({200: "Index"}, 400, 401, 403, 422),
    )
    @once_until_the_next_step
    def get(self, request):
        """What is open, by weight, severity, size and days; beside it what it leaves out."""
        found = index(asked_once(request))
        features = _features(request, {row.code: _told(request, row) for row in found.districts})
        totals = _told(request, found.totals) | {"code": None, "name": _("The whole city")}
        return _collection(
            features,
            as_of=found.day.isoformat(),
            what_if=found.is_what_if,
            formula=_formula(found),
            totals=totals,
        )


class DistrictsCoverage(Endpoint):
    questions = None

    @extend_schema(
        operation_id="districts_coverage",
        summary="How much of each district was looked at: no report is not clean",
        parameters=schemas.COVERAGE,
        responses=schemas.answers({200: "Coverage"}, 400, 401, 403),
    )
    @once_until_the_next_step
    def get(self, request):
        """Of whole districts alone, so that everybody may know it."""
        day, days, rows = by_district(asked_once(request))
        told = {
            code: {
                "code": code,
                "name": name,
                "share": round(seen.share, DECIMALS),
                "cells": seen.cells,
                "looked_at": seen.looked_at,
                "last_looked_at": seen.last_looked_at and seen.last_looked_at.isoformat(),
                "sources": seen.sources,
                "is_thin": seen.is_thin,
            }
            for code, name, seen in rows
        }
        return _collection(_features(request, told), as_of=day.isoformat(), days=days)


def _told(request, figures: IndexFigures) -> dict[str, Any]:
    seen = figures.coverage
    return {
        "code": figures.code,
        "name": figures.name,
        "area_km2": _round(figures.area_km2),
        "population": figures.population,
        "index": _round(figures.points),
        "per_km2": _round(figures.per_km2),
        "per_1000": _round(figures.per_1000),
        "parts": {element: _round(points) for element, points in figures.parts.items()},
        "awaiting": _round(figures.awaiting),
        "claimed": _round(figures.claimed),
        "in_force": _round(figures.in_force),
        "rank": figures.rank,
        "coverage": _round(seen.share) if seen else None,
        "is_thin": seen.is_thin if seen else None,
        "list": request.build_absolute_uri(f"{reverse('api:distortions')}?{figures.query}"),
    }


def _formula(found: Index) -> dict[str, Any]:
    formula, rules = found.formula, found.rules
    return {
        "version": formula.version,
        "valid_from": formula.valid_from.isoformat(),
        "note": formula.note,
        "weights": rules.weights,
        "usual": {element.code: element.usual_quantity for element in found.elements},
        "severity": rules.severity,
        "size": {"least": formula.least_size, "most": formula.most_size},
        "cap_days": rules.cap_days,
        "least_km2": formula.least_km2,
    }


def _features(request, told: dict[str, dict[str, Any]]) -> bytes:
    """Encode districts with what is *told* of each, by its code."""
    rows = LAYERS["districts"].rows_for(request.user).filter(code__in=told)
    shapes = encode.shapes(rows, geometry="boundary", id="code")
    return b",".join(
        encode.feature(id=code, geometry=shapes[code], properties=properties)
        for code, properties in told.items()
    )


def _collection(features: bytes, **members: Any) -> HttpResponse:
    return HttpResponse(encode.collection(features, **members), content_type=GEOJSON)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
