"""Addresses. The doors are named by string: the project composes them, the domain knows neither."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse

from gis_app.checks import ready
from gis_app.errors import Forbidden


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead strangers to the one sign-in page; whoever has signed in and lacks the right is told."""
    if request.user.is_authenticated and not admin.site.has_permission(request):
        raise Forbidden
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


urlpatterns = [
    path("api/v1/", include("fieldapi.urls")),
    path("admin/login/", admin_sign_in),
    path("admin/", admin.site.urls),
    path("healthz", lambda request: HttpResponse("ok", content_type="text/plain")),
    path("readyz", ready),
    path("", include("maps.urls")),
]
handler400 = "maps.views.errors.bad_request"
handler403 = "maps.views.errors.forbidden"
handler404 = "maps.views.errors.not_found"
handler500 = "maps.views.errors.server_error"
