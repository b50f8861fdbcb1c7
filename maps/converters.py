"""What may stand in a page's address. Anything else is no address, and never reaches the database."""

from django.urls.converters import StringConverter

from gis_app.geo.reading import CODE


class DistrictCode(StringConverter):
    """The code of a district, as imports take it: letters of any script, digits, dots, hyphens."""

    regex = CODE.pattern
