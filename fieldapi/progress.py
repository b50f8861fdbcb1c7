"""How far each district has come, on the map and period by period."""

from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema

from fieldapi import schemas
from fieldapi.bodies import GEOJSON, JSON
from fieldapi.caching import until_the_next_step
from fieldapi.endpoint import Endpoint, asked_once, plain
from gis_app.geo import encode
from gis_app.progress.figures import Figures, progress
from gis_app.progress.question import Question
from gis_app.progress.series import series

# Where a district's code comes in the address of a list: as it is asked for, and as it is told.
PLACE, DISTRICT = "DISTRICT", "{district}"


class DistrictsProgress(Endpoint):
    questions = None

    @extend_schema(
        operation_id="districts_progress",
        summary="Each district's progress, and the whole city's: everybody sees the same numbers",
        parameters=schemas.PROGRESS,
        responses=schemas.answers({200: "Progress"}, 304, 400, 401, 403),
    )
    @until_the_next_step
    def get(self, request):
        """The denominator is all that was accepted; what awaits triage stands beside it."""
        found = progress(asked_once(request))
        of_city = _lists(request, found.question)
        of_district = _lists(request, found.question, district=PLACE)
        features = [
            encode.feature(
                id=district.code,
                geometry=district.ground.shape,
                properties={
                    "code": district.code,
                    "name": district.name,
                    "area_km2": district.area_km2,
                    "population": district.population,
                    **district.published(),
                    "list": of_district["total"].replace(DISTRICT, quote(district.code)),
                },
            )
            for district in found.districts
        ]
        city = {
            "code": None,
            "name": _("The whole city"),
            "area_km2": round(sum(district.area_km2 for district in found.districts), 3),
            "population": sum(district.population or 0 for district in found.districts) or None,
            **found.totals.published(),
            "list": of_city["total"],
        }
        body = encode.collection(
            b",".join(features),
            **_told(found.question),
            totals=city,
            lists=of_city,
            district_lists=of_district,
        )
        return HttpResponse(body, content_type=GEOJSON)


class ProgressSeries(Endpoint):
    questions = None

    @extend_schema(
        operation_id="progress_series",
        summary="The same numbers period by period: by day, week, month or quarter",
        parameters=schemas.SERIES,
        responses=schemas.answers({200: "Series"}, 304, 400, 401, 403, media=JSON),
    )
    @until_the_next_step
    def get(self, request):
        """Of all that is asked for together; each point is the state at the end of its last day."""
        found = series(asked_once(request))
        points = [
            {
                "from": point.first.isoformat(),
                "to": point.last.isoformat(),
                **point.figures.published(),
            }
            for point in found.points
        ]
        return plain({"every": found.every, **_told(found.question), "points": points})


def _told(question: Question) -> dict[str, Any]:
    """Return the days that were asked for, and whether the ledger or the steps were counted."""
    return {
        "as_of": question.day.isoformat(),
        "from": _day(question.since),
        "counted_from": "steps" if "source" in question.codes else "totals",
    }


def _lists(request, question: Question, **of: str) -> dict[str, str]:
    """Return the address of the list that each number counts; {district} stands for its code."""
    distortions = request.build_absolute_uri(reverse("api:distortions"))
    steps = request.build_absolute_uri(reverse("api:steps"))
    figures = Figures(question, of)
    told = {name: f"{distortions}?{query}" for name, query in figures.queries.items()}
    if figures.happened:
        told |= {
            f"events.{event}": f"{steps}?{query}" for event, query in figures.event_queries.items()
        }
    return {name: address.replace(PLACE, DISTRICT) for name, address in told.items()}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
