"""How many distortions a list has, and how many it would have of each status and element."""

from collections.abc import Mapping
from typing import NamedTuple

from gis_app.counting import MOST, by_kind
from gis_app.distortions.queries import sees_everything, statuses_seen_by
from gis_app.layers import LAYERS
from gis_app.progress.figures import of_elements
from maps.listing import roughly_counted

BY = ("status", "element")
OF_THE_LEDGER = {"district", "amana", "sub_municipality", "as_of"}


class Facets(NamedTuple):
    """The counts; of each status and element as if it were not filtered by, where they are known."""

    count: int
    most: int  # a count beyond it only says that there are more
    by_status: Mapping[str, int] | None = None
    by_element: Mapping[str, int] | None = None


def facets(user, params: Mapping[str, str]) -> Facets:
    """Count what *params* ask for: from the ledger where it knows the answer, however many there are.

    Else the rows; what is too much to count is said to be more than MOST.
    """
    layer = LAYERS["distortions"]
    others = {name: text for name, text in params.items() if name not in BY}
    found = _of_the_ledger(user, others)
    if found is None and "as_of" in params:
        return Facets(**roughly_counted(layer.rows(user, params)))
    if found is None:
        columns = [layer.properties[name] for name in BY]
        found = by_kind(layer.rows(user, others), *columns, most=MOST)
    if found is None:
        return Facets(layer.rows(user, params).order_by()[: MOST + 1].count(), MOST)
    return _summed(found, params)


def _of_the_ledger(user, others: Mapping[str, str]) -> dict[tuple[str, str], int] | None:
    """Return how many there are by status and element; None where the ledger cannot tell.

    Of a past day the public sees only what it would still see now: that no total knows.
    """
    seen = statuses_seen_by(user)
    is_now = "as_of" not in others
    if seen is None or others.keys() - OF_THE_LEDGER or not (is_now or sees_everything(user)):
        return None
    return {
        (status, row.code): row.standing[status] for row in of_elements(others) for status in seen
    }


def _summed(found: Mapping[tuple[str, str], int], params: Mapping[str, str]) -> Facets:
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
    return Facets(count, max(count, MOST), by_status, by_element)
