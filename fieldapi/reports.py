"""Sending a report and its photos, and looking at it again."""

from uuid import UUID, uuid4

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework_gis.fields import GeometryField

from fieldapi import schemas
from fieldapi.bodies import JSON, AnyBytesBody, PhotoBody
from fieldapi.endpoint import Endpoint, Scope, asked, feature, plain, status_of
from fieldapi.errors import NotThere
from fieldapi.fields import ON_THE_STREET, Geometry, Moment, Number, Shape, Text, optional
from fieldapi.photos import photo_told
from gis_app.accounts.client import client_of
from gis_app.distortions.actions import submit
from gis_app.distortions.judging import NoSuchReport
from gis_app.distortions.models import Photo, Report
from gis_app.distortions.photo_actions import add_photo
from gis_app.language import active


class ContactShape(Shape):
    name = optional(Text)
    phone = optional(Text)
    email = optional(Text)


class ReportPropertiesShape(Shape):
    element = Text()
    observed_at = Moment()
    description = optional(Text)
    accuracy_m = optional(Number)
    quantity = optional(Number)
    place_note = optional(Text)
    contact = optional(ContactShape)
    same_as = optional(Text)
    source = optional(Text)
    external_number = optional(Text)
    device = optional(Text)


class ReportShape(Shape):
    """A GeoJSON Feature that says what was seen, where and when."""

    type = serializers.ChoiceField(["Feature"])
    geometry = Geometry(*ON_THE_STREET)
    properties = ReportPropertiesShape()


class Reports(Endpoint):
    reads = writes = Scope.REPORT

    @extend_schema(
        operation_id="send_report_without_id",
        summary="Send a report; the server makes its UUID",
        request=ReportShape,
        parameters=[schemas.RETRY_AFTER],
        responses=schemas.answers({201: "Report"}, 400, 401, 403, 409, 413, 415, 422, 429),
    )
    def post(self, request):
        """For clients that cannot keep a UUID: a resend is another report."""
        return _submitted(request, uuid4())


class OneReport(Endpoint):
    questions = ("track",)
    reads = writes = Scope.REPORT

    @extend_schema(
        operation_id="send_report",
        summary="Send a report; the same again is harmless",
        request=ReportShape,
        parameters=[schemas.RETRY_AFTER],
        responses=schemas.answers(
            {201: "Report", 200: "Report"}, 400, 401, 403, 404, 409, 413, 415, 422, 429
        ),
    )
    def put(self, request, id: UUID):
        """The client makes the UUID and keeps it: the same again is 200, other content 409."""
        return _submitted(request, id)

    @extend_schema(
        operation_id="read_report",
        summary="Read a report, as its sender or as staff",
        parameters=[schemas.TRACK],
        responses=schemas.answers({200: "Report"}, 400, 401, 403, 404),
    )
    def get(self, request, id: UUID):
        """For whoever sent it, whoever holds its private address, and the staff."""
        rows = Report.objects.visible_to(request.user, track=request.GET.get("track", ""))
        report = rows.select_related("distortion__district", "element").filter(pk=id).first()
        if report is None:
            raise NotThere
        is_sender = report.by_id == request.user.pk  # both None: she came by the private address
        track = report.track_token if is_sender else ""
        return _told(request, report, _photos(request, report, track), track=track)


class ReportPhoto(Endpoint):
    writes = Scope.REPORT
    parser_classes = [PhotoBody, AnyBytesBody]

    @extend_schema(
        operation_id="add_report_photo",
        summary="Add a photo to a report; the hash is of the bytes sent",
        request=schemas.PHOTO_BYTES,
        parameters=[schemas.RETRY_AFTER],
        responses=schemas.answers(
            {201: "Photo", 200: "Photo"}, 400, 401, 403, 404, 413, 415, 422, 429, media=JSON
        ),
    )
    def put(self, request, id: UUID, sha256: str):
        """The body is the picture: JPEG, PNG, WebP or HEIC, up to 20 MB. It waits for the desk."""
        report = Report.objects.select_related("distortion").filter(pk=id).first()
        if report is None:
            raise NoSuchReport
        photo, is_new = add_photo(
            data=request.data or b"",
            sha256=sha256,
            by=request.user,
            report=report,
            client=client_of(request),
        )
        return plain(photo_told(request, photo), status=status_of(is_new))


def _submitted(request, id: UUID):
    report, is_new = submit(
        id=id,
        by=request.user,
        client=client_of(request),
        language=active(),
        **asked(ReportShape, request.data),
    )
    photos = [] if is_new else _photos(request, report, report.track_token)
    track = report.track_token
    return _told(request, report, photos, track=track, status=status_of(is_new))


def _photos(request, report: Report, track: str) -> list[dict]:
    photos = Photo.objects.visible_to(request.user, track).filter(report=report)
    return [photo_told(request, photo, track=track) for photo in photos]


def _told(request, report: Report, photos: list[dict], *, track: str, **answer):
    """Answer what is known of a report; *track*, its private address, is for the sender only."""
    address = request.build_absolute_uri(reverse("maps:track", args=[track])) if track else None
    return feature(
        id=report.id,
        geometry=GeometryField().to_representation(report.geometry),
        properties={
            "number": report.number,
            "distortion": report.distortion.number,
            "district": report.distortion.district.code,
            "status": report.distortion.status,
            "track": address,
            "element": report.element.code,
            "observed_at": report.observed_at,
            "received_at": report.received_at,
            "description": report.description,
            "place_note": report.place_note,
            "accuracy_m": report.accuracy_m,
            "quantity": report.quantity,
            "source": report.source,
            "photos": photos,
        },
        **answer,
    )
