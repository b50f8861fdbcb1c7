"""What is known close by, for whoever is about to report it again."""

import json
from collections.abc import Sequence
from dataclasses import replace

from django import forms
from django.db.models import DecimalField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from fieldapi import schemas
from fieldapi.bodies import GEOJSON
from fieldapi.endpoint import Endpoint, asked_once
from gis_app.catalogue.models import Element
from gis_app.distortions.checks import MOST_ACCURACY_M
from gis_app.distortions.duplicates import likely
from gis_app.distortions.models import Photo
from gis_app.errors import Unreadable
from gis_app.geo import crs
from gis_app.layers import LAYERS

MOST_NEAR = 10
METRES = DecimalField(max_digits=9, decimal_places=1)
LAYER = LAYERS["distortions"]
WITH_DISTANCE = replace(LAYER, properties={**LAYER.properties, "distance_m": "metres"})


class NearQuestion(forms.Form):
    """What somebody is about to report, and where."""

    element = forms.ModelChoiceField(
        Element.objects.all(),
        to_field_name="code",
        error_messages={"invalid_choice": _("This kind of distortion is not in the catalogue.")},
    )
    lon = forms.FloatField(min_value=-180, max_value=180)
    lat = forms.FloatField(min_value=-90, max_value=90)
    accuracy_m = forms.FloatField(min_value=0, max_value=MOST_ACCURACY_M, required=False)


class Near(Endpoint):
    questions = tuple(NearQuestion.base_fields)

    @extend_schema(
        operation_id="list_near",
        summary="Open distortions that a report may be about, the nearest first",
        parameters=schemas.NEAR,
        responses=schemas.answers({200: "DistortionsNear"}, 400, 401, 403),
    )
    def get(self, request):
        """Of the same kind and within the element's radius; send one's number as `same_as`."""
        question = NearQuestion(asked_once(request))
        if not question.is_valid():
            raise Unreadable(fields=dict(question.errors))
        element, lon, lat, accuracy_m = question.cleaned_data.values()
        place = crs.point(lon=lon, lat=lat)
        rows = likely(element, place, by=request.user, accuracy_m=accuracy_m)
        rows = rows.annotate(metres=Cast("distance", METRES))
        features = json.loads(b"[%b]" % WITH_DISTANCE.page(rows, limit=MOST_NEAR).features)
        photos = _photos_of(request, [feature["id"] for feature in features])
        for feature in features:
            feature["properties"]["photo"] = photos.get(feature["id"])
        body = {"type": "FeatureCollection", "features": features}
        return Response(body, content_type=GEOJSON)


def _photos_of(request, numbers: Sequence[str]) -> dict[str, str]:
    """Return the small first photo of each distortion of *numbers* that has a published one."""
    photos = Photo.objects.published().filter(distortion__number__in=numbers).order_by("-pk")
    return {
        number: request.build_absolute_uri(reverse("maps:photo", args=[token, "thumb"]))
        for number, token in photos.values_list("distortion__number", "token")
    }
