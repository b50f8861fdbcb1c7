"""What the desk shows after a verification: visits and second checks that wait, and their forms."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.counting import counted
from gis_app.distortions.models import Photo, Step
from gis_app.distortions.photo_actions import add_photo
from gis_app.distortions.status import Status
from gis_app.errors import Refused
from gis_app.places.registers import districts_of
from gis_app.treatment.actions import LIMITS
from gis_app.treatment.follow_up_actions import record_second_check, record_visit
from gis_app.treatment.models import SecondCheck, Visit
from gis_app.treatment.monitoring import checks_of, visits_of, visits_to
from maps.fields import PhotosField, PhotosInput
from maps.move_forms import TextField
from maps.sending import whole

PAGE = 60  # visits, and second checks, that one page shows
NAMED = ("distortion__element", "distortion__district")


class FollowUpForm(forms.Form):
    """What was found; `make` records it, or keeps the refusal beside the fields."""

    name, label, address = "", _("Record"), ""
    chosen = ""  # the field that is chosen from a few

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)  # a double submit is harmless
    kept = forms.CharField(required=False, widget=forms.HiddenInput)  # SHA-256 of photos, by comma

    def __init__(self, row, *, by, **sent):
        super().__init__(**sent, auto_id=f"{self.name}-%s", use_required_attribute=False)
        self.row, self.by, self.refusal = row, by, None
        self.distortion = row.distortion

    @property
    def choice(self) -> forms.BoundField:
        return self[self.chosen]

    @property
    def others(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name != self.chosen]

    def make(self) -> bool:
        """Record it; False when it was refused, with the reasons in `errors`."""
        if not self.is_valid():
            return False
        try:
            self.step, _is_new = self.record(self._upload())
        except Refused as refusal:
            self.refusal = refusal
            for name, texts in (refusal.fields or {None: [str(refusal)]}).items():
                self.add_error(name if name in self.fields else None, texts)
        return self.refusal is None

    def record(self, photos: list[str]) -> tuple[Step, bool]:
        """Do what the form is for, with the *photos* of these SHA-256."""
        raise NotImplementedError

    def _upload(self) -> list[str]:
        """Keep the photos that came with the form, also when it is refused afterwards."""
        sums = list(filter(None, self.cleaned_data["kept"].split(",")))
        for upload in self.cleaned_data["photos"]:
            data, sha256 = whole(upload)
            add_photo(
                data=data,
                sha256=sha256,
                by=self.by,
                distortion=self.distortion,
                kind=Photo.Kind.AFTER,
            )
            sums.append(sha256)
        self.data = self.data | {"kept": ",".join(sums)}
        return sums


def _photos() -> PhotosField:
    widget = PhotosInput(attrs={"class": "input", "accept": "image/*"})
    return PhotosField(label=_("Photos"), required=False, widget=widget)


class VisitForm(FollowUpForm):
    """What a follow-up visit found."""

    name, label, address = "visit", _("Follow-up visit"), "maps:visit"
    chosen = "found"

    found = forms.ChoiceField(
        label=_("What did you find?"), choices=Visit.Found, widget=forms.RadioSelect
    )
    photos = _photos()
    note = TextField(
        label=_("Note"),
        max_length=LIMITS["note"],
        required=False,
        help_text=_("For staff only."),
    )

    def record(self, photos):
        return record_visit(
            visit=self.row.pk,
            id=self.cleaned_data["id"],
            by=self.by,
            found=self.cleaned_data["found"],
            note=self.cleaned_data["note"],
            photos=photos,
        )


class SecondCheckForm(FollowUpForm):
    """Whether somebody independent finds the treatment as it was verified."""

    name, label, address = "check", _("Second check"), "maps:second_check"
    chosen = "result"

    result = forms.ChoiceField(
        label=_("Is it treated?"),
        choices=[("confirmed", _("Yes, confirmed")), ("false", _("No: open it again"))],
        widget=forms.RadioSelect,
    )
    photos = _photos()
    reason = TextField(
        label=_("Reason"),
        max_length=LIMITS["reason"],
        required=False,
        help_text=_("Needed when it is not treated."),
    )

    def record(self, photos):
        return record_second_check(
            check=self.row.pk,
            id=self.cleaned_data["id"],
            by=self.by,
            is_confirmed=self.cleaned_data["result"] == "confirmed",
            reason=self.cleaned_data["reason"],
            photos=photos,
        )


def follow_up_context(
    distortion: Any, *, user, refused: FollowUpForm | None = None
) -> dict[str, Any]:
    """Return the visits to a case (maps/desk.py), and the forms for what waits for *user* there.

    *refused* is the form that was just sent: it stands in its place with the reasons.
    """
    if distortion.status != Status.VERIFIED:
        return {"follow_ups": [refused] if refused else []}
    visits, check = visits_to(distortion), distortion.check_waiting
    waiting = [
        (VisitForm, next((row for row in visits if row.pk == distortion.visit_waiting), None)),
        (SecondCheckForm, check and SecondCheck(verified_id=check, distortion=distortion)),
    ]
    shown = [
        refused if isinstance(refused, form) else form(row, by=user)
        for form, row in waiting
        if row or isinstance(refused, form)
    ]
    return {"follow_ups": shown, "visits": visits}


def waiting_context(user, *, district: str, near: Point | None) -> dict[str, Any]:
    """Return the visits that *user* is to make soon and the checks that wait for her.

    Of one *district*, if it is named; the nearest to *near* first, if that is known.
    """
    visits, checks = visits_of(user).soon(), checks_of(user)
    if district:
        visits = visits.filter(distortion__district__code=district)
        checks = checks.filter(distortion__district__code=district)
    if near:
        visits = visits.annotate(distance=Distance("distortion__geometry", near)).order_by(
            "distance", "due_date"
        )
    today = timezone.localdate()
    due = visits.filter(due_date__lte=today)
    counts, _grouped = counted({"due": due, "checks": checks})
    return {
        "due_count": counts["due"],
        "checks_count": counts["checks"],
        "due": due.select_related(*NAMED)[:PAGE],
        "coming": visits.filter(due_date__gt=today).select_related(*NAMED)[:PAGE],
        "checks": checks.select_related(*NAMED, "team", "verified")[:PAGE],
        "today": today,
        "district": district,
        "is_near": near is not None,
        "district_names": districts_of(user),
        "is_staff_page": True,
    }
