"""The addresses of the API, as other programs know them."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.urls import path, re_path, register_converter
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from fieldapi import (
    converters,
    distortions,
    endpoint,
    feeds,
    index,
    near,
    progress,
    reports,
    sites,
)

register_converter(converters.AnyCaseUUID, "anycase")
register_converter(converters.Sha256, "sha256")
register_converter(converters.Number, "number")
register_converter(converters.Code, "code")

app_name = "api"
# The page of the API draws itself with styles of its own; nothing else is eased.
docs = csp_update({"style-src": [SELF, UNSAFE_INLINE]})(
    SpectacularSwaggerSplitView.as_view(url_name="api:openapi")
)
urlpatterns = [
    path("reports", reports.Reports.as_view(), name="reports"),
    path("reports/<anycase:id>", reports.OneReport.as_view(), name="report"),
    path(
        "reports/<anycase:id>/photos/<sha256:sha256>",
        reports.ReportPhoto.as_view(),
        name="report-photo",
    ),
    path("distortions", feeds.Distortions.as_view(), name="distortions"),
    path("distortions/near", near.Near.as_view(), name="near"),
    path("distortions/<number:number>", distortions.OneDistortion.as_view(), name="distortion"),
    path(
        "distortions/<number:number>/photos/<sha256:sha256>",
        distortions.DistortionPhoto.as_view(),
        name="distortion-photo",
    ),
    path(
        "distortions/<number:number>/moves/<anycase:id>",
        distortions.OneMove.as_view(),
        name="move",
    ),
    path("steps", feeds.Steps.as_view(), name="steps"),
    path("districts", feeds.Districts.as_view(), name="districts"),
    path("districts/progress", progress.DistrictsProgress.as_view(), name="progress"),
    path("districts/progress/table", progress.ProgressTable.as_view(), name="progress_table"),
    path("districts/progress/series", progress.ProgressSeries.as_view(), name="series"),
    path("districts/index", index.DistrictsIndex.as_view(), name="index"),
    path("districts/coverage", index.DistrictsCoverage.as_view(), name="coverage"),
    path("elements", feeds.Elements.as_view(), name="elements"),
    path("parks", feeds.Parks.as_view(), name="parks"),
    path("parks/<code:code>", sites.OnePark.as_view(), name="park"),
    path("kiosks", feeds.Kiosks.as_view(), name="kiosks"),
    path("kiosks/<code:code>", sites.OneKiosk.as_view(), name="kiosk"),
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("docs/", docs, name="docs"),
    re_path("", endpoint.Nothing.as_view()),
]
