"""How districts and streets are asked for."""

from functools import cache

from gis_app.geo.filters import BBoxFilter, CodesFilter, StrictFilterSet
from gis_app.language import named
from gis_app.places.models import Amana, District, Street, SubMunicipality
from gis_app.registers.kept import Kept


@cache
def codes_of(model) -> Kept[dict[str, str]]:
    """Return a function that tells the codes of *model*, a register, with their names."""
    return Kept(lambda: dict(model.objects.values_list("code", named())))


class DistrictFilter(StrictFilterSet):
    bbox = BBoxFilter("boundary")
    code = CodesFilter("code", choices=codes_of(District))
    amana = CodesFilter("amana__code", choices=codes_of(Amana))
    sub_municipality = CodesFilter("sub_municipality_code", choices=codes_of(SubMunicipality))


class StreetFilter(StrictFilterSet):
    bbox = BBoxFilter("line")
    kind = CodesFilter("kind", choices=lambda: Street.Kind.values)
