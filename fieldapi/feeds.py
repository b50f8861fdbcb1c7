"""Lists: what a layer publishes, page by page, encoded by the database."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from django import forms
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view

from fieldapi import schemas
from fieldapi.bodies import GEOJSON
from fieldapi.caching import tagged_by_content, until_the_next_step
from fieldapi.endpoint import Endpoint, asked_once
from gis_app import feeds
from gis_app.catalogue.models import Element
from gis_app.errors import Unreadable
from gis_app.geo import encode
from gis_app.layers import LAYERS, Layer

# How much of a list is asked for, and from where. No form: it would copy them with each request.
PAGING: dict[str, forms.Field] = {
    "limit": forms.IntegerField(min_value=1, max_value=1000, required=False),
    "cursor": forms.CharField(required=False),
    "count": forms.ChoiceField(choices=[("true", "true"), ("false", "false")], required=False),
}


class Feed(Endpoint):
    """A page of a layer: the filters are the layer's own, what cannot be read is refused."""

    questions = None

    layer: Layer
    usual_limit = 1000

    @tagged_by_content
    def get(self, request):
        """Filters narrow the list, several codes by comma. `links` and the Link header lead on."""
        return self._page(request)

    def _page(self, request) -> HttpResponse:
        question = asked_once(request)
        asked = _paging(question)
        filters = {name: text for name, text in question.items() if name not in PAGING}
        limit = asked["limit"] or self.usual_limit
        page = feeds.page(self.layer, request.user, filters, limit=limit, cursor=asked["cursor"])
        following = _address(request, cursor=self.layer.cursor(page.last)) if page.last else ""
        links = [{"rel": "next", "href": following, "type": GEOJSON}] if following else []
        members = {"links": links, "numberReturned": page.count}
        if asked["count"] == "true":
            with self.layer.bounded(filters):
                members["numberMatched"] = self.layer.rows(request.user, filters).count()
        headers = {"Link": f'<{following}>; rel="next"; type="{GEOJSON}"'} if following else {}
        return HttpResponse(
            encode.collection(page.features, **members), content_type=GEOJSON, headers=headers
        )


class LiveFeed(Feed):
    """A page of what every step changes."""

    usual_limit = 100

    @until_the_next_step
    def get(self, request):
        """Filters narrow the list, several codes by comma. `links` and the Link header lead on."""
        return self._page(request)


def _paging(question: Mapping[str, str]) -> dict[str, Any]:
    """Return how much is asked for, and from where; Unreadable when it cannot be read."""
    found: dict[str, Any] = {}
    wrong = {}
    for name, field in PAGING.items():
        try:
            found[name] = field.clean(question.get(name, ""))
        except forms.ValidationError as error:
            wrong[name] = error.messages
    if wrong:
        raise Unreadable(fields=wrong)
    return found


def _address(request, *, cursor: str) -> str:
    """Return this address with the same filters and *cursor*."""
    question = urlencode({**request.GET.dict(), "cursor": cursor}, safe=",/")
    return request.build_absolute_uri(f"{request.path}?{question}")


@extend_schema_view(get=schemas.listing("Distortions", LAYERS["distortions"].filters, 100, 503))
class Distortions(LiveFeed):
    layer = LAYERS["distortions"]


@extend_schema_view(get=schemas.listing("Steps", LAYERS["steps"].filters, 100, 503))
class Steps(LiveFeed):
    layer = LAYERS["steps"]


@extend_schema_view(get=schemas.listing("Districts", LAYERS["districts"].filters))
class Districts(Feed):
    layer = LAYERS["districts"]


@extend_schema_view(get=schemas.listing("Parks", LAYERS["parks"].filters))
class Parks(Feed):
    layer = LAYERS["parks"]


@extend_schema_view(get=schemas.listing("Kiosks", LAYERS["kiosks"].filters))
class Kiosks(Feed):
    layer = LAYERS["kiosks"]


class Elements(Endpoint):
    """The catalogue in force today."""

    @extend_schema(
        operation_id="list_elements",
        summary="The kinds of visual distortion in force today",
        parameters=schemas.KEPT_SO_LONG,
        responses=schemas.answers({200: "Elements"}, 304, 400, 401, 403),
    )
    @tagged_by_content
    def get(self, request):
        """Features without geometry: code, names, how each is drawn and measured."""
        elements = Element.objects.active_on(timezone.localdate())
        features = [_element_told(element) for element in elements]
        body = {"type": "FeatureCollection", "features": features}
        return HttpResponse(orjson.dumps(body), content_type=GEOJSON)


def _element_told(element: Element) -> dict:
    names = ("code", "name", "name_ar", "name_en", "title", "title_ar", "title_en")
    properties = {name: getattr(element, name) for name in (*names, "geometries", "unit")}
    return {"type": "Feature", "id": element.code, "geometry": None, "properties": properties}
