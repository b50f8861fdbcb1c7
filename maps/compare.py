"""Two distortions side by side: are they the same thing, and which number stays?"""

import json
from typing import Any, NamedTuple
from uuid import uuid4

from django import forms
from django.contrib.gis.db.models.functions import Distance
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from gis_app.distortions.duplicates import NOT_CHECKED_YET, likely_for_staff
from gis_app.distortions.models import Distortion, Photo, Report
from gis_app.distortions.status import UNDER_WAY
from gis_app.distortions.used_before import alike_distortions
from gis_app.errors import Refused
from gis_app.geo.shape import between
from gis_app.treatment.actions import make_move
from gis_app.treatment.workflow import MOVES, moves_open_to
from maps.cases import drawn_place, with_pictures
from maps.move_forms import MoveForm

MOST_LIKELY = 4


class Side(NamedTuple):
    """One of the two: what is known of it, and whether it can be the one that stays."""

    distortion: Distortion
    photos: list[Photo]
    reports: list[Report]
    may_stay: bool


def likely_ones(distortion: Distortion, *, user, accuracy_m: float | None) -> list[Distortion]:
    """Return what may be the same as *distortion*, for whoever may merge it, with `pictures`.

    First what came with the same photo (`has_same_photo`), wherever it is; then what is near.
    """
    if user.role not in MOVES["merge"].by or distortion.status not in NOT_CHECKED_YET:
        return []
    alike = alike_distortions(distortion, user).filter(status__in=NOT_CHECKED_YET)
    alike = alike.annotate(has_same_photo=Value(True))
    near = likely_for_staff(distortion, user, accuracy_m=accuracy_m)
    found = list(with_pictures(alike, user=user)[:MOST_LIKELY])
    near = near.exclude(pk__in=[row.pk for row in found])
    return [*found, *with_pictures(near, user=user)[: MOST_LIKELY - len(found)]]


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
    sides = [_side(row, other=other, user=user) for row, other in ((older, newer), (newer, older))]
    merged = next((row for row in (older, newer) if row.merged_into in (older, newer)), None)
    may_undo = merged is not None and "unmerge" in moves_open_to(user, merged)
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
        photos=list(Photo.objects.shown_to(user).about(distortion)),
        reports=list(Report.objects.about(distortion)),
        may_stay=is_open and "merge" in moves_open_to(user, other),
    )
