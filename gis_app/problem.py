"""Errors for programs, in the shape of RFC 9457."""

from http import HTTPStatus

CONTENT_TYPE = "application/problem+json"


def problem(status: int, detail: str, *, fields: dict | None = None, **extra: object) -> dict:
    """Return the members of a problem document; *fields* become `errors`."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **extra,
    }
    return body | ({"errors": fields} if fields else {})
