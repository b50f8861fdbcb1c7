"""How many distortions a list has, and how many it would have of each status and element."""

from collections.abc import Mapping
from typing import NamedTuple

from gis_app.counting import MOST, by_kind
from gis_app.layers import LAYERS
from maps.listing import roughly_counted

BY = ("status", "element")


class Facets(NamedTuple):
    """The counts; of each status and element as if it were not filtered by, where they are known."""

    count: int
    most: int  # a count beyond it only says that there are more
    by_status: Mapping[str, int] | None = None
    by_element: Mapping[str, int] | None = None


def facets(user, params: Mapping[str, str]) -> Facets:
    """Count what *params* ask for. What is too much to count is said to be more than MOST."""
    layer = LAYERS["distortions"]
    others = {name: text for name, text in params.items() if name not in BY}
    columns = [layer.properties[name] for name in BY]
    found = by_kind(layer.rows(user, others), *columns)
    if found is None:
        return Facets(layer.rows(user, params).order_by()[: MOST + 1].count(), MOST)
    statuses, elements = ({*filter(None, params.get(name, "").split(","))} for name in BY)
    by_status: dict[str, int] = {}
    by_element: dict[str, int] = {}
    count = 0
    for (status, element), rows in found.items():
        is_status = not statuses or status in statuses
        is_element = not elements or element in elements
        if is_element:
            by_status[status] = by_status.get(status, 0) + rows
        if is_status:
            by_element[element] = by_element.get(element, 0) + rows
        if is_status and is_element:
            count += rows
    return Facets(count, MOST, by_status, by_element)


def of_a_past_day(user, params: Mapping[str, str]) -> Facets:
    """Count what *params* ask for of a past day."""
    return Facets(**roughly_counted(LAYERS["distortions"].rows(user, params)))
