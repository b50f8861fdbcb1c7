"""What all addresses of the API have in common."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from fieldapi.authentication import HasScope
from fieldapi.bodies import GEOJSON, JSON, GeoJSON, GeoJSONBody, JSONBody, PlainJSON
from fieldapi.errors import NotThere
from gis_app.accounts.models import Token
from gis_app.errors import Unreadable

Scope = Token.Scope


class Endpoint(APIView):
    """One address for everybody; *reads* and *writes* are the scopes that tokens need."""

    reads = Scope.READ
    writes: Scope | None = None
    questions: tuple[str, ...] | None = ()  # what may stand after the ?; None: the view decides
    http_method_names = ["get", "head", "post", "put"]
    permission_classes = [AllowAny, HasScope]
    renderer_classes = [GeoJSON, PlainJSON]
    parser_classes = [GeoJSONBody, JSONBody]

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.questions is None:
            return
        unknown = set(asked_once(request)) - set(self.questions)
        if unknown:
            raise Unreadable(fields={name: [_("This filter is not known.")] for name in unknown})

    def finalize_response(self, request, response, *args, **kwargs):
        answer = super().finalize_response(request, response, *args, **kwargs)
        if request.user.is_authenticated:  # the next reader in this browser may see less of it
            answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer


class SignedInEndpoint(Endpoint):
    """An address for those who are signed in or have a token."""

    permission_classes = [IsAuthenticated, HasScope]


class Nothing(Endpoint):
    """Every other address: not there, said as a problem and not as a page."""

    schema = None
    permission_classes = [AllowAny]

    def initial(self, request, *args, **kwargs):
        raise NotThere


def asked(shape: type[Serializer], data: Any) -> dict[str, Any]:
    """Return the checked members of *data*; for a Feature its properties and its geometry."""
    found = shape(data=data)
    found.is_valid(raise_exception=True)
    members = dict(found.validated_data)
    if "properties" in members:
        return {"geometry": members["geometry"], **members["properties"]}
    return members


def asked_once(request) -> dict[str, str]:
    """Return the question's parameters; Unreadable when one is given twice."""
    twice = [name for name, values in request.GET.lists() if len(values) > 1]
    if twice:
        raise Unreadable(fields={name: [_("Give it once.")] for name in twice})
    return request.GET.dict()


def feature(*, id: str | UUID, geometry: Any, properties: dict[str, Any], **answer) -> Response:
    """Answer one GeoJSON Feature."""
    body = {"type": "Feature", "id": str(id), "geometry": geometry, "properties": properties}
    return Response(body, content_type=GEOJSON, **answer)


def plain(body: dict[str, Any], **answer) -> Response:
    """Answer plain JSON."""
    return Response(body, content_type=JSON, **answer)


def status_of(is_new: bool) -> int:
    return 201 if is_new else 200
