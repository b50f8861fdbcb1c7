"""What may stand in a page's address. Anything else is no address, and never reaches the database."""

from django.urls.converters import StringConverter


class DistrictCode(StringConverter):
    """The code of a district, as imports take it: letters of any script, digits, dots, hyphens."""

    regex = r"[\w.-]{1,32}"
