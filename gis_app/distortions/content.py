"""What was said, in plain JSON; and whether two messages say the same."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, WKTWriter
from django.db.models import Model
from django.utils.crypto import salted_hmac

from gis_app.geo import crs


def plain(value: Any) -> Any:
    """Return *value* as JSON can keep it: a geometry as WKT, a row by its number or code."""
    match value:
        case None | bool() | int() | float() | list():
            return value
        case Model():
            return str(value)
    return _normal(value)


def fingerprint(**content: Any) -> str:
    """Return a keyed hash of *content*, which tells nothing to whoever reads it.

    Empty members and the order of members do not count.
    """
    told = {
        name: _normal(value) for name, value in content.items() if value not in (None, "", {}, ())
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return salted_hmac("rasd.content", text, algorithm="sha256").hexdigest()


def _normal(value: Any) -> Any:
    match value:
        case GEOSGeometry():
            return (
                WKTWriter(dim=2, trim=True, precision=crs.COORDINATE_DIGITS).write(value).decode()
            )
        case datetime():
            return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
        case Decimal() | int() | float():
            return float(value)
        case dict():
            return {name: _normal(part) for name, part in value.items() if part}
        case list() | tuple():
            return [_normal(part) for part in value]
    return str(value).replace("\r\n", "\n").strip()
