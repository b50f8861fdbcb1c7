"""Signing in: Django's own view, with the throttle of anonymous writes before it."""

from django.conf import settings
from django.contrib.auth.views import LoginView, PasswordChangeView

from gis_app.accounts import throttle
from gis_app.accounts.client import client_of
from gis_app.errors import Forbidden


class SignIn(LoginView):
    """The sign-in page. Staff go to their work: the desk, or the planner's page."""

    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        throttle.spend(
            "sign_in",
            client=client_of(request),
            limit=settings.RASD_SIGN_INS_PER_HOUR,
            seconds=3600,
        )
        return super().post(request, *args, **kwargs)

    def get_default_redirect_url(self):
        user = self.request.user
        if not user.is_city_staff:
            return "/"
        return "/planner/" if user.role == user.Role.PLANNER else "/desk/"


class PasswordChange(PasswordChangeView):
    """Django's own page; a crew's link has no password to change."""

    success_url = "/"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and request.user.is_by_link:
            raise Forbidden
        return super().dispatch(request, *args, **kwargs)
