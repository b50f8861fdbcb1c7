"""How districts and streets are asked for."""

from gis_app.geo.filters import BBoxFilter, CodesFilter, StrictFilterSet
from gis_app.places.models import Amana, District, Street, SubMunicipality
from gis_app.registers.kept import Kept


def codes_of(model):
    """Return a function that lists the codes of *model*, a register."""
    return Kept(lambda: frozenset(model.objects.values_list("code", flat=True)))


class DistrictFilter(StrictFilterSet):
    bbox = BBoxFilter("boundary")
    code = CodesFilter("code", choices=codes_of(District))
    amana = CodesFilter("amana__code", choices=codes_of(Amana))
    sub_municipality = CodesFilter("sub_municipality_code", choices=codes_of(SubMunicipality))


class StreetFilter(StrictFilterSet):
    bbox = BBoxFilter("line")
    kind = CodesFilter("kind", choices=lambda: Street.Kind.values)
