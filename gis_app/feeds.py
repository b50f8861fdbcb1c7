"""Pages of a layer as programs ask for them, time and again: compiled once, not with each request.

What is asked is still `layer.rows(user, params)`. Kept is its SQL, with the box and the cursor
left open: Django takes longer to write it than the database to answer it.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.gis.db.backends.postgis.adapter import PostGISAdapter
from django.core.exceptions import ValidationError

from gis_app.distortions.queries import sees_everything
from gis_app.geo import crs, encode
from gis_app.geo.filters import CodesFilter
from gis_app.language import active
from gis_app.layers import Layer

BOX = "bbox"
MOST_KEPT = 500
EVERYTHING, PUBLIC = "everything", "public"

_kept: dict[Hashable, encode.Statement] = {}


class _Open:
    """Stands for a value of the cursor in a statement that is kept."""


def audience(user) -> str:
    """Return who reads alike: all who see everything, the public, or one of the staff by her scope."""
    if not (user.is_authenticated and user.is_city_staff):
        return PUBLIC
    if sees_everything(user):
        return EVERYTHING
    scope = (user.team_id, user.amana_id, user.sub_municipality_id, user.district_keys)
    return f"{user.pk} {user.role} {scope} {user.element_keys}"


def page(
    layer: Layer, user, params: Mapping[str, str], *, limit: int, cursor: str = ""
) -> encode.Page:
    """Return the first *limit* features of `layer.rows(user, params)` after *cursor*."""
    key = layer.opened(cursor) if cursor else []
    codes = {name: text for name, text in params.items() if name != BOX}
    box = _box(layer, params.get(BOX, ""))
    who = audience(user)
    if who not in (EVERYTHING, PUBLIC) or not _can_be_kept(layer, codes, params, box):
        with layer.bounded(params):
            return _statement(layer, user, params, key, limit).page()
    is_small = box is not None and box.is_small
    about = (layer.name, who, active(), *codes.items(), box is None, is_small, len(key), limit)
    known = _kept.get(about)
    if known is None:
        known = _statement(layer, user, params, [_Open()] * len(key), limit)
        known = known.settled(lambda value: isinstance(value, (_Open, PostGISAdapter)))
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[about] = known
    # A plan may be kept too where it is the same for all values: not for those of rare codes, nor
    # for a large box, where it depends on how much lies in it.
    now = replace(known, params=tuple(_filled(known.params, box, key)))
    with layer.bounded(params):
        return now.page(keeps_plan=not codes and (box is None or is_small))


def _statement(
    layer: Layer, user, params: Mapping[str, str], key: Sequence[Any], limit: int
) -> encode.Statement:
    rows = layer.rows(user, params)
    return layer.statement(layer.beyond(rows, key) if key else rows, limit=limit)


def _can_be_kept(
    layer: Layer, codes: Mapping[str, str], params: Mapping[str, str], box: crs.Box | None
) -> bool:
    """Whether its SQL has no other values than codes that stand in columns, the box and the cursor.

    Other filters may look something up first, and be right for this moment only.
    """
    filters = [layer.filters.base_filters.get(name) for name in codes]
    of_columns = all(isinstance(one, CodesFilter) and one.method is None for one in filters)
    return of_columns and (box is not None or BOX not in params)


def _box(layer: Layer, text: str) -> crs.Box | None:
    """Return the box that is asked for, if it can be read; `layer.rows` refuses what can't."""
    boxes = layer.filters.base_filters.get(BOX)
    try:
        return boxes.field.clean(text) if boxes else None
    except ValidationError:
        return None


def _filled(params: Sequence[Any], box: crs.Box | None, key: Sequence[Any]) -> Iterator[Any]:
    """Yield *params* with the box of now for the one that was compiled, and the key of now."""
    values = iter(key)
    for param in params:
        if isinstance(param, PostGISAdapter):
            yield PostGISAdapter(box)
        else:
            yield next(values) if isinstance(param, _Open) else param
