"""One distortion, its photos and its moves."""

import hashlib
import json
import re
from typing import Any
from uuid import UUID

from django.http import HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from fieldapi import schemas
from fieldapi.bodies import GEOJSON, JSON, AnyBytesBody, JSONBody, PhotoBody
from fieldapi.endpoint import Endpoint, Scope, SignedInEndpoint, asked, plain, status_of
from fieldapi.errors import NotThere
from fieldapi.fields import (
    ON_THE_STREET,
    Day,
    Geometry,
    Moment,
    Money,
    Number,
    Shape,
    Text,
    Whole,
    optional,
)
from fieldapi.photos import photo_told
from fieldapi.proof import QUESTIONS as PROOF
from fieldapi.proof import proof_told, taken_of
from gis_app.distortions.content import plain as in_json
from gis_app.distortions.history import timeline
from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.distortions.photo_actions import add_photo
from gis_app.distortions.status import PUBLISHED, Status
from gis_app.errors import Unreadable
from gis_app.layers import LAYERS
from gis_app.treatment.actions import make_move
from gis_app.treatment.workflow import MOVES

MOST_PHOTOS = 20  # that one move can name
NOT_FOR_EVER = {"Cache-Control": "no-cache"}  # a merge can be undone
NO_VERSION = 0  # no distortion ever has it


class MoveShape(Shape):
    """A move and what it needs."""

    move = serializers.ChoiceField(list(MOVES))
    expected_status = optional(serializers.ChoiceField, choices=Status.values)
    at = optional(Moment)
    reason = optional(Text)
    note = optional(Text)
    team = optional(Text)
    due_date = optional(Day)
    body = optional(Text)
    reference = optional(Text)
    into = optional(Text)
    quantity = optional(Number)
    cost = optional(Money)
    photos = optional(serializers.ListField, child=Text(), max_length=MOST_PHOTOS)
    pause_reason = optional(Text)
    element = optional(Text)
    severity = optional(Whole)
    place = Geometry(*ON_THE_STREET, source="geometry", required=False, allow_null=True)
    district = optional(Text)
    description = optional(Text)
    report = optional(Text)
    copies = optional(serializers.ListField, child=Text(), max_length=MOST_PHOTOS)


class OneDistortion(Endpoint):
    @extend_schema(
        operation_id="read_distortion",
        summary="Read a distortion with its timeline and photos",
        parameters=[schemas.IF_NONE_MATCH, schemas.ETAG],
        responses=schemas.answers({200: "DistortionInFull"}, 304, 308, 400, 401, 403, 404),
    )
    def get(self, request, number: str):
        """Staff read names, notes and what is not cleared yet; the public what is published."""
        rows = Distortion.objects.in_scope_of(request.user).described().filter(number=number)
        distortion = rows.first()
        is_staff = distortion is not None
        if not is_staff:
            rows = LAYERS["distortions"].rows_for(request.user).filter(number=number)
            distortion = rows.first()
        if distortion is None:
            return _survivor_of(number, request.user)
        told = json.loads(LAYERS["distortions"].page(rows).features)
        told["properties"] |= _in_full(request, distortion, is_staff=is_staff)
        etag = {"ETag": _etag(distortion.version, told)}
        if etag["ETag"] in parse_etags(request.headers.get("If-None-Match", "")):
            return Response(status=304, headers=etag)
        return Response(told, headers=etag, content_type=GEOJSON)


class DistortionPhoto(SignedInEndpoint):
    questions = ("kind", *PROOF)
    writes = Scope.REPORT
    parser_classes = [PhotoBody, AnyBytesBody]

    @extend_schema(
        operation_id="add_distortion_photo",
        summary="Add a photo to a distortion, before or after its treatment; for crews and staff",
        parameters=[schemas.PHOTO_KIND, *schemas.PHOTO_PROOF, schemas.RETRY_AFTER],
        request=schemas.PHOTO_BYTES,
        responses=schemas.answers(
            {201: "Photo", 200: "Photo"}, 400, 401, 403, 404, 413, 415, 422, 429, media=JSON
        ),
    )
    def put(self, request, number: str, sha256: str):
        """The body is the picture. Upload it before the move that names it in `photos`.

        Where and when it was taken proves a treatment: what is missing or odd is flagged for
        the verifier, and blocks nothing.
        """
        kind = request.GET.get("kind", Photo.Kind.AFTER)
        if kind not in Photo.Kind.values:
            raise Unreadable(fields={"kind": [_("before or after")]})
        distortion = Distortion.objects.visible_to(request.user).filter(number=number).first()
        if distortion is None:
            raise NotThere
        photo, is_new = add_photo(
            data=request.data or b"",
            sha256=sha256,
            by=request.user,
            distortion=distortion,
            kind=kind,
            taken=taken_of(request.GET),
        )
        told = photo_told(request, photo) | proof_told(photo, user=request.user)
        return plain(told, status=status_of(is_new))


class OneMove(SignedInEndpoint):
    writes = Scope.MOVE
    parser_classes = [JSONBody]

    @extend_schema(
        operation_id="make_move",
        summary="Make a move; the same again is harmless",
        parameters=[schemas.IF_MATCH],
        request=MoveShape,
        responses=schemas.answers(
            {201: "Move", 200: "Move"},
            *(400, 401, 403, 404, 409, 412, 413, 415, 422),
            media=JSON,
        ),
    )
    def put(self, request, number: str, id: UUID):
        """The client makes the UUID. What a move needs depends on it; a refusal names it."""
        wishes = asked(MoveShape, request.data)
        step, is_new = make_move(
            wishes.pop("move"),
            number=number,
            id=id,
            by=request.user,
            expected_version=_expected_version(request),
            **wishes,
        )
        body = {
            "id": str(step.uuid),
            "number": number,
            "move": step.move,
            "at": step.at,
            "from_status": step.from_status,
            "to_status": step.to_status,
            "version": step.distortion.version,
            "into": step.into and step.into.number,
        }
        return plain(body, status=status_of(is_new))


def _in_full(request, distortion: Distortion, *, is_staff: bool) -> dict[str, Any]:
    """Return what the page of one distortion says beyond the list."""
    is_told = is_staff or distortion.status in PUBLISHED
    texts = Report.objects.about(distortion).texts_for(request.user)
    photos = Photo.objects.about(distortion).shown_to(request.user)
    before = Distortion.objects.visible_to(request.user).filter(recurrences=distortion).first()
    return {
        "recurrence_of": before and before.number,
        "descriptions": [report.description for report in texts],
        "timeline": _timeline(distortion, is_staff=is_staff) if is_told else [],
        "photos": [
            photo_told(request, photo) | (proof_told(photo, user=request.user) if is_staff else {})
            for photo in photos
        ],
    }


def _timeline(distortion: Distortion, *, is_staff: bool) -> list[dict[str, Any]]:
    """Return the steps; for staff each with what it changed, in the reader's words."""
    steps = timeline(distortion, staff=is_staff)
    for step in steps:
        if is_staff:
            step["changes"] = [
                {"aspect": aspect, "before": in_json(before), "after": in_json(after)}
                for aspect, before, after in step["changes"]
            ]
    return steps


def _survivor_of(number: str, user):
    """Send those who ask for a merged distortion on to what it was merged into."""
    survivor = Distortion.objects.survivor_of(number, user)
    if survivor is None:
        raise NotThere
    address = reverse("api:distortion", args=[survivor.number])
    return HttpResponsePermanentRedirect(address, preserve_request=True, headers=NOT_FOR_EVER)


def _etag(version: int, told: dict[str, Any]) -> str:
    """Return the version, and a mark of what this reader is told.

    The version alone would not do for If-None-Match: the language, the reader's rights, a new
    photo and being late change the answer without a step.
    """
    text = json.dumps(told, sort_keys=True, default=str)
    return f'"{version}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"'


def _expected_version(request) -> int | None:
    """Return the version that If-Match names: an ETag or a version in quotes, or * for any."""
    asked_for = request.headers.get("If-Match", "*")
    tag = re.fullmatch(r'"(\d{1,9})(-[0-9a-f]{8})?"', asked_for.strip())
    if tag:
        return int(tag[1])
    return None if asked_for.strip() == "*" else NO_VERSION
