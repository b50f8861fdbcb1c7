"""What clients send: JSON and photos, read up to a limit and never taken on trust."""

import json
from math import isfinite

from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

from fieldapi.errors import TooLarge, Unparsable
from gis_app.distortions.photos import MAX_BYTES as MOST_PHOTO_BYTES

GEOJSON = "application/geo+json"
JSON = "application/json"
MOST_JSON_BYTES = 256 * 1024
MOST_DIGITS = 18  # of a whole number; Python would compute with thousands, at a price


class JSONBody(BaseParser):
    """JSON as RFC 8259 has it: UTF-8, no NaN, nothing that cannot be stored as text."""

    media_type = JSON

    def parse(self, stream, media_type=None, parser_context=None):
        data = _read(stream, MOST_JSON_BYTES)
        try:
            found = json.loads(
                data.decode(), parse_constant=_refuse, parse_float=_finite, parse_int=_whole
            )
            json.dumps(found, ensure_ascii=False).encode()  # half a character is no character
        except (ValueError, RecursionError):
            raise Unparsable from None
        return found


class GeoJSONBody(JSONBody):
    media_type = GEOJSON


class PhotoBody(BaseParser):
    """The bytes of a picture, whatever kind they claim to be: `photos.read` decides."""

    media_type = "image/*"

    def parse(self, stream, media_type=None, parser_context=None):
        return _read(stream, MOST_PHOTO_BYTES)


class AnyBytesBody(PhotoBody):
    media_type = "application/octet-stream"


class PlainJSON(JSONRenderer):
    """JSON as short as it goes, whatever Accept says of it: what one was told is kept for others."""

    def get_indent(self, accepted_media_type, renderer_context):
        return None


class GeoJSON(PlainJSON):
    media_type = GEOJSON
    format = "geojson"


def _read(stream, most: int) -> bytes:
    data = stream.read(most + 1)
    if len(data) > most:
        raise TooLarge
    return data


def _refuse(text: str):
    raise ValueError(text)


def _finite(text: str) -> float:
    return number if isfinite(number := float(text)) else _refuse(text)


def _whole(text: str) -> int:
    return int(text) if len(text) <= MOST_DIGITS else _refuse(text)
