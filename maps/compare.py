"""Two distortions side by side: are they the same thing, and which number stays?"""

import json
from typing import Any, NamedTuple
from uuid import uuid4

from django import forms
from django.contrib.gis.db.models.functions import Distance
from django.utils.translation import gettext_lazy as _

from gis_app.distortions.duplicates import NOT_CHECKED_YET, likely_for_staff
from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.distortions.of_one import photos_of, reports_of
from gis_app.distortions.queries import DistortionQuerySet
from gis_app.distortions.status import UNDER_WAY
from gis_app.distortions.together import nearest
from gis_app.distortions.used_before import alike_distortions
from gis_app.errors import Refused
from gis_app.geo.shape import between
from gis_app.treatment.actions import make_move
from gis_app.treatment.workflow import MOVES, moves_of
from maps.cases import drawn_place
from maps.move_forms import MoveForm

MOST_LIKELY = 4


class Side(NamedTuple):
    """One of the two: what is known of it, and whether it can be the one that stays."""

    distortion: Distortion
    photos: list[Photo]
    reports: list[Report]
    may_stay: bool


def parts_likely(
    distortion: Distortion, *, user, accuracy_m: float | None
) -> dict[str, DistortionQuerySet]:
    """Return, as parts of one query (together.py), what may be the same as *distortion*.

    What came with the same photo (`alike`) and what is near (`likely`), for whoever may merge it.
    """
    if user.role not in MOVES["merge"].by or distortion.status not in NOT_CHECKED_YET:
        return {}
    alike = alike_distortions(distortion, user).filter(status__in=NOT_CHECKED_YET)
    near = likely_for_staff(distortion, user, accuracy_m=accuracy_m)
    near = near.nearest(MOST_LIKELY, of=distortion.geometry)
    return {"alike": alike[:MOST_LIKELY], "likely": near}


def likely_ones(parts: dict[str, list[Any]], *, element: int) -> list[Any]:
    """Return what may be the same as a case of that *element*: with the same photo, then near.

    Each says whether it `has_same_photo`, and whether it is of another kind (`is_related`).
    """
    alike = nearest(parts, "alike")
    near = [row for row in nearest(parts, "likely") if row not in alike]
    chosen = [*alike, *near][:MOST_LIKELY]
    for row in chosen:
        row.has_same_photo = row.part == "alike"
        row.is_related = row.element_id != element
    return chosen


class MergeForm(forms.Form):
    """Which of two numbers stays; `make` merges the other one into it."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)  # a double submit is harmless
    survivor = forms.CharField(error_messages={"required": _("Choose which one stays.")})

    def __init__(self, older: Distortion, newer: Distortion, *, by, data=None):
        super().__init__(data)
        self.numbers, self.by = (older.number, newer.number), by
        self.refusal: Refused | None = None

    def make(self) -> bool:
        """Merge; False when it was refused, with the reasons in `errors`."""
        if not self.is_valid():
            return False
        survivor = self.cleaned_data["survivor"]
        merged = next((number for number in self.numbers if number != survivor), "")
        try:
            self.step, _is_new = make_move(
                "merge", number=merged, id=self.cleaned_data["id"], by=self.by, into=survivor
            )
        except Refused as refusal:
            self.refusal = refusal
            self.add_error(None, refusal.in_full())
        return self.refusal is None


def comparison(older: Distortion, newer: Distortion, *, user, form: MergeForm) -> dict[str, Any]:
    """Return both sides, how far apart they are in place and time, and what can be done."""
    apart = Distortion.objects.filter(pk=newer.pk).annotate(
        apart=Distance("geometry", older.geometry)
    )
    reports_of(older, beside=[newer])
    photos_of(older, user=user, beside=[newer])
    sides = [_side(row, other=other, user=user) for row, other in ((older, newer), (newer, older))]
    merged = next((row for row in (older, newer) if row.merged_into in (older, newer)), None)
    may_undo = merged is not None and "unmerge" in moves_of(user, merged)
    line = between(older.geometry, newer.geometry)
    return {
        "sides": sides,
        "metres": apart.get().apart.m,
        "days": abs((newer.first_reported_at - older.first_reported_at).days),
        "differ": older.element_id != newer.element_id,
        "can_merge": any(side.may_stay for side in sides),
        "stays": form["survivor"].value() or next((_numbers_that_stay(sides)), ""),
        "merged": merged,
        "undo": MoveForm("unmerge", merged, by=user) if may_undo else None,
        "form": form,
        "drawn": {
            "line": json.loads(line.geojson),
            "sides": [drawn_place(row) | {"number": row.number} for row in (older, newer)],
        },
        "is_staff_page": True,
    }


def _numbers_that_stay(sides: list[Side]):
    return (side.distortion.number for side in sides if side.may_stay)


def _side(distortion: Distortion, *, other: Distortion, user) -> Side:
    is_open = distortion.status in UNDER_WAY
    return Side(
        distortion,
        photos=photos_of(distortion, user=user),
        reports=reports_of(distortion),
        may_stay=is_open and "merge" in moves_of(user, other),
    )
