"""Where and when the photos of a form were taken, as the device says; and what is odd about photos."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain, repeat

from django import forms

from gis_app.distortions.models import Photo
from gis_app.distortions.photo_actions import Taken
from gis_app.distortions.proof import sentences
from gis_app.geo import crs
from maps.fields import NumberField


def with_sentences(photos: Iterable[Photo], *, user) -> list[Photo]:
    """Give each photo its `sentences`: what *user* should look at."""
    found = list(photos)
    for photo in found:
        photo.sentences = sentences(photo, user=user)  # type: ignore[attr-defined]
    return found


def to_look_at(photos: Iterable[Photo]) -> list[Photo]:
    """Return those of *photos*, with sentences, that the last treatment claims and that are odd."""
    claimed = [photo for photo in photos if photo.step_id and photo.kind == Photo.Kind.AFTER]
    last = max((photo.step_id for photo in claimed if photo.step_id), default=None)
    return [photo for photo in claimed if photo.step_id == last and photo.sentences]  # type: ignore[attr-defined]


class ProofForm(forms.Form):
    """Hidden fields that a script fills in; without it photos come without place and time."""

    lon = NumberField(required=False, widget=forms.HiddenInput)
    lat = NumberField(required=False, widget=forms.HiddenInput)
    accuracy_m = NumberField(required=False, widget=forms.HiddenInput)
    taken_at = forms.CharField(required=False, widget=forms.HiddenInput)  # of each file, by comma

    def taken(self) -> Iterable[Taken]:
        """Return where and when each of the form's files was taken, in their order."""
        told = self.cleaned_data
        place = None
        if told["lon"] is not None and told["lat"] is not None:
            lon, lat = float(told["lon"]), float(told["lat"])
            place = crs.point(lon=lon, lat=lat) if crs.in_world(lon, lat, lon, lat) else None
        accuracy_m = float(told["accuracy_m"]) if told["accuracy_m"] is not None else None
        moments = filter(None, told["taken_at"].split(","))
        for moment in chain(moments, repeat("")):
            yield Taken(place, accuracy_m, _moment(moment))


PROOF = frozenset(ProofForm.base_fields)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
