"""How far each district has come, on the map."""

import json
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema

from fieldapi import schemas
from fieldapi.bodies import GEOJSON
from fieldapi.endpoint import Endpoint, asked_once
from gis_app.distortions.filters import PlacedFilter
from gis_app.geo import encode
from gis_app.layers import LAYERS
from gis_app.progress.figures import Figures, progress


class DistrictsProgress(Endpoint):
    questions = None

    @extend_schema(
        operation_id="districts_progress",
        summary="Each district's progress, and the whole city's: everybody sees the same numbers",
        parameters=schemas.parameters_of(PlacedFilter),
        responses=schemas.answers({200: "Progress"}, 400, 401, 403),
    )
    def get(self, request):
        """The denominator is all that was accepted; what awaits triage stands beside it."""
        found = progress(asked_once(request))
        shapes = encode.shapes(
            LAYERS["districts"].rows_for(request.user), geometry="boundary", id="code"
        )
        features = [
            encode.feature(
                id=district.code,
                geometry=shapes[district.code],
                properties=_told(
                    request,
                    district,
                    code=district.code,
                    name=district.name,
                    area_km2=district.area_km2,
                    population=district.population,
                ),
            )
            for district in found.districts
        ]
        city = _told(
            request,
            found.totals,
            code=None,
            name=_("The whole city"),
            area_km2=round(sum(district.area_km2 for district in found.districts), 3),
            population=sum(district.population or 0 for district in found.districts) or None,
        )
        body = encode.collection(
            ",".join(features).encode(), totals=json.dumps(city, ensure_ascii=False)
        )
        return HttpResponse(body, content_type=GEOJSON)


def _told(request, figures: Figures, **place: Any) -> dict[str, Any]:
    rows = request.build_absolute_uri(f"{reverse('api:distortions')}?{figures.query}")
    return {**place, **figures.published(), "list": rows}
