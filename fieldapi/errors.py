"""Every error in the shape of RFC 9457, whoever raised it: the domain, Django or the framework."""

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

from gis_app.errors import Refused, Unreadable
from gis_app.problem import CONTENT_TYPE, problem

UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation)
# What the framework says in words of its own, in the city's words.
DETAILS = {
    401: _("Sign in, or send a token."),
    403: _("Your role may not do this."),
    404: _("There is nothing at this address, or nothing for you."),
    405: _("This address is not asked in this way."),
    406: _("The answer comes as JSON only."),
    415: _("A body of this media type is not taken here."),
}


class Unparsable(Unreadable):
    reason = _("The body is not readable JSON in UTF-8.")


class TooLarge(Refused):
    status = 413
    reason = _("The body is too large.")


class NotThere(Refused):
    status = 404
    reason = DETAILS[404]


def answer(error: Exception, context) -> Response | None:
    """Answer *error* as a problem; None for a bug, which crashes where it can be seen."""
    headers = {}
    match error:
        case Refused():
            status, extra = error.status, error.extra
            body = problem(status, str(error), fields=error.fields, **extra)
            if "retry_after" in extra:
                headers["Retry-After"] = str(extra["retry_after"])
        case ValidationError():
            status = 422
            body = problem(
                status, str(_("Some of it was not accepted.")), fields=_flat(error.detail)
            )
        case APIException():
            status = error.status_code
            body = problem(status, _words(error))
            if hasattr(error, "auth_header"):
                headers["WWW-Authenticate"] = error.auth_header
        case Http404():
            status, body = 404, problem(404, str(DETAILS[404]))
        case PermissionDenied():
            status, body = 403, problem(403, str(DETAILS[403]))
        case _ if isinstance(error, UNREADABLE):
            status, body = 400, problem(400, str(Unparsable.reason))
        case _:
            return None
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)


def _words(error: APIException) -> str:
    said = str(error.detail)
    is_default = said == str(error.default_detail) or error.status_code not in (401, 403)
    return str(DETAILS.get(error.status_code, said)) if is_default else said


def _flat(detail, path: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Return {field: [text]} in the domain's names: what stands in `properties` has no prefix."""
    if isinstance(detail, list):
        name = ".".join(part for part in path if part != "non_field_errors")
        return {name.removeprefix("properties.") or "body": [str(text) for text in detail]}
    found: dict[str, list[str]] = {}
    for name, part in detail.items():
        found |= _flat(part, (*path, str(name)))
    return found
