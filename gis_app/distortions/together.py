"""Several lists of distortions in one query."""

from typing import Any

from django.contrib.gis.db.models.functions import Distance
from django.db.models import BooleanField, Case, Expression, Value, When

from gis_app.distortions.models import Distortion
from gis_app.distortions.queries import DistortionQuerySet, scope_of, sees_everything


def in_one_query(parts: dict[str, DistortionQuerySet], *, user) -> dict[str, list[Any]]:
    """Return the rows of each of *parts*, which have the same columns, asked for at once.

    Each part keeps its own choice and limit; its rows come in no order, and each says whether
    *user* works on it (`is_mine`).
    """
    mine = is_in_scope(user)
    told = (rows.annotate(part=Value(name), is_mine=mine) for name, rows in parts.items())
    first, *others = told
    found: dict[str, list[Any]] = {name: [] for name in parts}
    for row in first.union(*others, all=True):
        found[row.part].append(row)
    return found


def nearest(parts: dict[str, list[Any]], name: str) -> list[Any]:
    """Return the rows of the part *name*, if it was asked for, the nearest first."""
    return sorted(parts.get(name, ()), key=lambda row: (row.distance.m, row.number))


def recurrences_of(distortion: Distortion, *, user) -> dict[str, DistortionQuerySet]:
    """Return, as parts, what *distortion* is a recurrence of (`earlier`) and its own (`again`).

    With `distance` on a sphere, as far as *user* may see them.
    """
    rows = Distortion.objects.visible_to(user).described()
    rows = rows.annotate(distance=Distance("shape", distortion.geometry))
    again = {"again": rows.filter(recurrence_of=distortion)}
    if distortion.recurrence_of_id is None:
        return again
    return again | {"earlier": rows.filter(pk=distortion.recurrence_of_id)}


def is_in_scope(user, prefix: str = "") -> Expression:
    """Whether *user* works on the distortion at *prefix*, as a column."""
    if sees_everything(user):
        return Value(True, output_field=BooleanField())
    mine = When(scope_of(user, prefix), then=True)
    return Case(mine, default=False, output_field=BooleanField())
