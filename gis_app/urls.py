"""Addresses. The doors are named by string: the project composes them, the domain knows neither."""

from django.contrib import admin
from django.http import HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView

from gis_app.checks import ready

urlpatterns = [
    path("api/v1/", include("fieldapi.urls")),
    path("admin/login/", RedirectView.as_view(pattern_name="login", query_string=True)),
    path("admin/", admin.site.urls),
    path("healthz", lambda request: HttpResponse("ok", content_type="text/plain")),
    path("readyz", ready),
    path("", include("maps.urls")),
]
handler400 = "maps.views.errors.bad_request"
handler403 = "maps.views.errors.forbidden"
handler404 = "maps.views.errors.not_found"
handler500 = "maps.views.errors.server_error"
