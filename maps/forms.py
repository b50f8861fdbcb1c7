"""What people type, read: nothing is decided here but what cannot be read at all."""

from django import forms
from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.models import Element
from gis_app.distortions.checks import MOST_ACCURACY_M
from gis_app.distortions.duplicates import likely
from gis_app.distortions.models import Distortion, Report
from gis_app.distortions.photo_actions import MOST_PHOTOS
from gis_app.errors import Refused
from gis_app.geo.spoken import read_place
from gis_app.places.models import District
from gis_app.places.rough import rough_place
from maps.cases import with_pictures
from maps.fields import NumberField, PhotosField

MOST_NEAR = 5  # of what is known nearby, shown before a report is sent
# Where the domain's word for a field is not the form's.
SPOTS = {
    "geometry": "place",
    "contact.name": "name",
    "contact.phone": "phone",
    "contact.email": "email",
    "observed_at": None,
    "same_as": None,
}


ANOTHER = "another"  # none of those that are known nearby


class PhotosForm(forms.Form):
    """Photos that come after their report."""

    photos = PhotosField(most=MOST_PHOTOS)


class AskingForm(forms.Form):
    """A form whose answers the domain may refuse."""

    def add_refusal(self, refused: Refused, *, spot: str | None = None) -> None:
        """Say what the domain refuses beside the field that it is about, else at *spot*."""
        for name, texts in refused.fields.items():
            self.add_error(SPOTS.get(name, name), texts)
        if not refused.fields:
            self.add_error(spot, str(refused))


class SupportForm(AskingForm):
    """How to reach whoever sees a distortion too, if she wants to be told."""

    phone = forms.CharField(required=False)
    email = forms.CharField(required=False)

    def contact(self) -> dict[str, str]:
        """Return what was filled in; what it means is the domain's to say."""
        self.full_clean()
        return {name: text for name, text in self.cleaned_data.items() if text}


class ReportForm(AskingForm):
    """A report as a page sends it; `facts` is what `submit` is asked with."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    observed_at = forms.DateTimeField(widget=forms.HiddenInput)
    accuracy_m = NumberField(
        required=False, min_value=0, max_value=MOST_ACCURACY_M, widget=forms.HiddenInput
    )
    same_as = forms.CharField(required=False)  # a number, or ANOTHER
    asked = forms.CharField(required=False, widget=forms.HiddenInput)  # whether it is one of those
    photos = PhotosField(required=False, most=MOST_PHOTOS)
    place = forms.CharField(required=False)
    district = forms.CharField(required=False)
    place_note = forms.CharField(required=False)
    element = forms.CharField(
        error_messages={"required": _("Choose the kind of distortion; the nearest one will do.")}
    )
    quantity = NumberField(required=False)
    description = forms.CharField(required=False)
    name = forms.CharField(required=False)
    phone = forms.CharField(required=False)
    email = forms.CharField(required=False)

    def clean(self):
        told = super().clean()
        try:
            told["geometry"], told["accuracy_m"] = self._place(told)
        except Refused as refused:
            self.add_refusal(refused, spot="place")
        return told

    def _place(self, told) -> tuple[Point, float | None]:
        """Return the point that was given, or the district's; and how exact it is, in metres."""
        if told.get("place"):
            return read_place(told["place"], near=District.objects.box()), told.get("accuracy_m")
        if told.get("district"):
            return rough_place(district=told["district"], note=told.get("place_note", ""))
        raise Refused(
            fields={
                "place": [_("Say where it is: on the map, by coordinates, or by its district.")]
            }
        )

    def facts(self) -> dict:
        """What `submit` is asked with, besides who asks."""
        told = self.cleaned_data
        names = (
            "id", "observed_at", "geometry", "accuracy_m", "same_as", "element", "quantity",
            "description", "place_note",
        )  # fmt: skip
        contact = {name: told[name] for name in ("name", "phone", "email") if told[name]}
        facts = {name: told[name] for name in names} | {"contact": contact or None}
        return facts | ({"same_as": ""} if told["same_as"] == ANOTHER else {})

    def known_nearby(self, *, by) -> list[Distortion]:
        """Return the open distortions that the report may be about, with `pictures`."""
        told = self.cleaned_data
        element = Element.objects.filter(code=told.get("element", "")).first()
        if element is None or "geometry" not in told:
            return []
        accuracy_m = float(told["accuracy_m"] or 0)
        return list(
            with_pictures(likely(element, told["geometry"], by=by, accuracy_m=accuracy_m))[
                :MOST_NEAR
            ]
        )

    def asks(self) -> bool:
        """Whether its sender is still to be asked if it is one of those: once, before it is sent."""
        told = self.cleaned_data
        is_sent = Report.objects.filter(pk=told["id"]).exists()
        return not (told["same_as"] or told["asked"] or is_sent)
