"""How far each district has come, on the map and period by period."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema

from fieldapi import schemas
from fieldapi.bodies import GEOJSON, JSON
from fieldapi.caching import once_until_the_next_step
from fieldapi.endpoint import Endpoint, asked_once, plain
from gis_app.errors import Forbidden, Unreadable
from gis_app.geo import encode
from gis_app.progress.areas import BY
from gis_app.progress.figures import Figures, progress
from gis_app.progress.question import Question
from gis_app.progress.series import series

FROM, TO = date.min, date.max  # stand for the days of a period while that is written
PLACE = "CODE"  # where a code comes in the address of a list, while that is written


class DistrictsProgress(Endpoint):
    questions = None

    @extend_schema(
        operation_id="districts_progress",
        summary="Each district's progress, and the whole city's: everybody sees the same numbers",
        parameters=schemas.PROGRESS,
        responses=schemas.answers({200: "Progress"}, 304, 400, 401, 403),
    )
    @once_until_the_next_step
    def get(self, request):
        """The denominator is all that was accepted; what awaits triage stands beside it."""
        found = progress(asked_once(request))
        of_city = _lists(request, found.question)
        of_district = _lists(request, found.question, by="district")
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
                    "list": _list(of_district, district=district.code),
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


class ProgressTable(Endpoint):
    questions = None

    @extend_schema(
        operation_id="progress_table",
        summary="The same numbers by element, sub-municipality, amana or, for the staff, by team",
        parameters=schemas.TABLE,
        responses=schemas.answers({200: "ProgressTable"}, 304, 400, 401, 403, media=JSON),
    )
    @once_until_the_next_step
    def get(self, request):
        """A row each. Teams are told of the whole city, wherever they worked."""
        told = asked_once(request)
        by = told.pop("by", "element")
        if by not in BY:
            raise Unreadable(fields={"by": [", ".join(BY)]})
        if by == "team" and not (request.user.is_authenticated and request.user.is_city_staff):
            raise Forbidden
        question = Question.read(told)
        lists = _lists(request, question, by=by)
        rows = [
            {
                "code": row.code,
                "name": row.name,
                **row.published(),
                "list": _list(lists, **{by: row.code}),
            }
            for row in BY[by](told)
        ]
        return plain({"by": by, **_told(question), "rows": rows, "lists": lists})


class ProgressSeries(Endpoint):
    questions = None

    @extend_schema(
        operation_id="progress_series",
        summary="The same numbers period by period: by day, week, month or quarter",
        parameters=schemas.SERIES,
        responses=schemas.answers({200: "Series"}, 304, 400, 401, 403, media=JSON),
    )
    @once_until_the_next_step
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
        told = {"every": found.every, **_told(found.question), "points": points}
        any_period = replace(found.question, since=FROM, past=TO)
        lists = {
            name: address.replace(FROM.isoformat(), "{from}").replace(TO.isoformat(), "{to}")
            for name, address in _lists(request, any_period).items()
        }
        return plain(told | {"lists": lists})


def _told(question: Question) -> dict[str, Any]:
    """Return the days that were asked for, and whether the ledger or the steps were counted."""
    return {
        "as_of": question.day.isoformat(),
        "from": _day(question.since),
        "counted_from": "steps" if "source" in question.codes else "totals",
    }


def _lists(request, question: Question, *, by: str = "") -> dict[str, str]:
    """Return the address of the list that each number counts; {district} stands for its code."""
    distortions = request.build_absolute_uri(reverse("api:distortions"))
    steps = request.build_absolute_uri(reverse("api:steps"))
    figures = Figures(question, {by: PLACE} if by else {})
    told = {name: f"{distortions}?{query}" for name, query in figures.queries.items()}
    if figures.happened:
        told |= {
            f"events.{event}": f"{steps}?{query}" for event, query in figures.event_queries.items()
        }
    return {
        name: address.replace(f"{by}={PLACE}", f"{by}={{{by}}}") for name, address in told.items()
    }


def _list(lists: dict[str, str], **of: str) -> str:
    """Return the address of the list behind a total, of the one whose code is given."""
    ((by, code),) = of.items()
    return lists["total"].replace(f"{{{by}}}", quote(code))


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
