"""Who asks: the owner of a token, or whoever is signed in to the pages."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from gis_app.accounts import tokens


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`; `request.auth` is then the token."""

    def authenticate(self, request):
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = tokens.owner_of(key.strip())
        if token is None:
            raise AuthenticationFailed(_("This token is not valid, or no longer."))
        return token.owner, token

    def authenticate_header(self, request):
        return 'Bearer realm="Rasd"'


class PageAuthentication(SessionAuthentication):
    """The session of the pages. Who came by a crew's link works there alone: here she is nobody."""

    def authenticate(self, request):
        found = super().authenticate(request)
        return None if found and found[0].is_by_link else found


class HasScope(BasePermission):
    """A token is good only for what it was issued for; a session is good for everything."""

    message = _("This token was not issued for that.")

    def has_permission(self, request, view):
        needed = view.reads if request.method in ("GET", "HEAD") else view.writes
        return request.auth is None or needed in request.auth.scopes


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document tells of tokens."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "`bin/manage issue_token USERNAME` prints one. "
            "Its scopes: read, report, move, sites.",
        }


class PageScheme(SessionScheme):
    """How it tells of the pages' session."""

    target_class = PageAuthentication
