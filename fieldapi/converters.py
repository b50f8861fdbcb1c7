"""What may stand in an address. Anything else is no address, and never reaches the database."""

from uuid import UUID

from django.urls.converters import StringConverter

from gis_app.geo.reading import CODE


class AnyCaseUUID:
    """A UUID in small or capital letters: phones write both."""

    regex = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

    def to_python(self, value: str) -> UUID:
        return UUID(value)

    def to_url(self, value: UUID) -> str:
        return str(value)


class Sha256(StringConverter):
    regex = "[0-9a-fA-F]{64}"

    def to_python(self, value: str) -> str:
        return value.lower()


class Number(StringConverter):
    """A distortion's number, such as TF-26-000123."""

    regex = "[A-Za-z]{1,4}-[0-9]{2}-[0-9]{6,12}"

    def to_python(self, value: str) -> str:
        return value.upper()


class Code(StringConverter):
    """The code of a park or a kiosk site."""

    regex = CODE.pattern  # as imports take it
