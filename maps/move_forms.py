"""One small form for each move: what MOVES says it needs and offers, ready for make_move."""

from collections.abc import Mapping
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.registers import elements_on
from gis_app.distortions.models import Distortion, Photo
from gis_app.distortions.of_one import photos_of, reports_of
from gis_app.distortions.photo_actions import add_photo
from gis_app.distortions.status import PauseReason
from gis_app.errors import Refused
from gis_app.geo.spoken import read_place
from gis_app.places.registers import districts_of_amana
from gis_app.treatment.actions import LIMITS, make_move
from gis_app.treatment.queries import misfit, teams_for
from gis_app.treatment.referral import known_bodies
from gis_app.treatment.routes import route
from gis_app.treatment.workflow import MOVES
from maps.fields import NumberField, PhotosField, PhotosInput
from maps.proof import PROOF, ProofForm
from maps.sending import whole

Tasks = Mapping[int, int]  # how much each team, by its key, has not treated yet
NO_TASKS: Tasks = {}
EMPTY = ("", "—")
LABELS = {"accept": _("Accept and assign")}  # with what it offers; without, one press makes it
NUMBER = {"class": "input", "inputmode": "decimal", "dir": "ltr"}


class ChoiceField(forms.CharField):
    """One of the codes that the page offers; whether it is known is the domain's to say."""

    widget = forms.Select(attrs={"class": "select"})


class TextField(forms.CharField):
    """A few lines."""

    widget = forms.Textarea(attrs={"class": "textarea", "rows": 2, "dir": "auto"})


class LineField(forms.CharField):
    widget = forms.TextInput(attrs={"class": "input", "dir": "auto", "autocomplete": "off"})


class MoveForm(ProofForm):
    """What one move asks for. `make` makes it, or keeps the refusal beside the fields."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)  # a double submit is harmless
    expected_status = forms.CharField(widget=forms.HiddenInput)

    team = ChoiceField(label=_("Team"))
    due_date = forms.DateField(
        label=_("To be treated by"),
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}),
        help_text=_("Empty: the element's own promise."),
    )
    body = LineField(label=_("Referred to"), max_length=LIMITS["body"])
    reference = LineField(label=_("Their reference"), max_length=LIMITS["reference"])
    into = LineField(label=_("Merge into number"))
    pause_reason = ChoiceField(label=_("What it waits for"))
    element = ChoiceField(label=_("Kind of distortion"))
    severity = forms.TypedChoiceField(
        label=_("Severity"),
        choices=[EMPTY, (1, _("1, low")), (2, "2"), (3, "3"), (4, _("4, dangerous"))],
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs={"class": "select"}),
    )
    district = ChoiceField(label=_("District"))
    place = LineField(label=_("Place"), help_text=_("Two numbers, or a map's link."))
    photos = PhotosField(
        label=_("Photos after the treatment"),
        widget=PhotosInput(attrs={"class": "input", "accept": "image/*"}),
    )
    kept = forms.MultipleChoiceField(label=_("Already uploaded"))
    quantity = NumberField(label=_("Quantity"), widget=forms.TextInput(NUMBER))
    cost = NumberField(label=_("Cost in SAR"), widget=forms.TextInput(NUMBER))
    description = TextField(
        label=_("What the second one is"), help_text=_("Everybody can read it.")
    )
    report = ChoiceField(label=_("Named in the report"))
    copies = forms.MultipleChoiceField(label=_("Photos that show it too"))
    reason = TextField(label=_("Reason"), max_length=LIMITS["reason"])
    note = TextField(label=_("Note"), max_length=LIMITS["note"], help_text=_("For staff only."))

    def __init__(
        self, name: str, distortion: Distortion, *, by, tasks: Tasks = NO_TASKS,
        is_button=False, **sent,
    ):  # fmt: skip
        ids = f"{name}-button-%s" if is_button else f"{name}-%s"
        super().__init__(**sent, auto_id=ids, use_required_attribute=False)
        self.name, self.distortion, self.by = name, distortion, by
        self.move, self.is_button, self.refusal = MOVES[name], is_button, None
        self.tasks = tasks
        self.uploaded: list[str] = []  # SHA-256 of the photos that were kept before the move
        self.initial = {"expected_status": distortion.status}
        self._keep_what_is_asked()
        self._offer_choices()

    @property
    def label(self) -> Promise:
        """What the button says."""
        return self.move.label if self.is_button else LABELS.get(self.name, self.move.label)

    @property
    def misfit(self) -> Promise | None:
        """Why the team that was chosen does not fit, if it does not."""
        code = self.cleaned_data.get("team")
        offered = (row for row in teams_for(self.distortion) if row.team.code == code)
        return next(map(misfit, offered), None)

    @property
    def asks(self) -> bool:
        """Whether anything is asked, or the button alone makes the move."""
        return bool(self.visible_fields())

    @property
    def kept_photos(self) -> list[tuple[Photo, bool]]:
        """Photos of the treatment that no move has named yet, and whether this one will."""
        chosen = {*(self["kept"].value() or ()), *self.uploaded}
        return [(photo, photo.sha256 in chosen) for photo in self._unclaimed()]

    @property
    def photos_to_copy(self) -> list[tuple[Photo, bool]]:
        """Photos that may show the second thing too, and whether this form says so."""
        chosen = self["copies"].value() or ()
        return [(photo, sha256 in chosen) for sha256, photo in self.shown.items()]

    def make(self) -> bool:
        """Make the move; False when it was refused, with the reasons in `errors`."""
        if not self.is_valid():
            return False
        try:
            self.step, _is_new = make_move(
                self.name,
                number=self.distortion.number,
                id=self.cleaned_data["id"],
                by=self.by,
                expected_status=self.cleaned_data["expected_status"],
                **self._wishes(),
            )
        except Refused as refusal:
            self._tell(refusal)
        return self.refusal is None

    def _keep_what_is_asked(self) -> None:
        offers = () if self.is_button else self.move.offers
        asked = {"id", "expected_status", *self.move.needs, *offers}
        if "photos" in asked:
            asked |= {"kept", *PROOF}
        for name in set(self.fields) - asked:
            del self.fields[name]
        for name, field in self.fields.items():
            field.required = name == "id"  # what else is missing, the domain says
            if name in self.move.needs and name != "photos":
                field.widget.attrs["required"] = True

    def _offer_choices(self) -> None:
        offers = {
            "pause_reason": _pause_reasons,
            "team": self._teams,
            "element": _elements,
            "district": self._districts,
            "report": self._reports,
        }
        for name in offers.keys() & self.fields.keys():
            self.fields[name].widget.choices = [EMPTY, *offers[name]()]
        if "report" in self.fields and self.distortion.reports_count == 1:
            del self.fields["report"]
        if "team" in self.fields:
            self._suggest_team()
        if self.name == "reject":
            self.fields["reason"].help_text = _("The reporter can read it.")
        if self.name == "return":
            self.fields["note"].label = _("Their answer")
        if "body" in self.fields:
            self.bodies = known_bodies()
            self.fields["body"].widget.attrs["list"] = "bodies"
        if "into" in self.fields:
            self.fields["into"].widget.attrs["list"] = "near"
        if "copies" in self.fields:
            photos = photos_of(self.distortion, user=self.by)
            self.shown = {photo.sha256: photo for photo in photos}
            self.fields["copies"].choices = [(sha256, sha256) for sha256 in self.shown]
        if "kept" in self.fields:
            found = [photo.sha256 for photo in self._unclaimed()]
            self.fields["kept"].choices = [(sha256, sha256) for sha256 in found]
            self.initial["kept"] = found

    def _unclaimed(self) -> list[Photo]:
        photos = photos_of(self.distortion, user=self.by)
        return [photo for photo in photos if photo.is_unclaimed]

    def _teams(self) -> list:
        """Return the teams that fit, then the others with what speaks against them."""
        fitting, others = [], []
        for row in teams_for(self.distortion):
            tasks = self.tasks.get(row.team.pk, 0)
            told = _("%(team)s (tasks: %(tasks)d)") % {"team": row.team, "tasks": tasks}
            against = misfit(row)
            if against:
                others.append((row.team.code, f"{told} · {against}"))
            else:
                fitting.append((row.team.code, told))
        return [*fitting, (_("Other teams"), others)] if others else fitting

    def _districts(self) -> list[tuple[str, str]]:
        amana = self.distortion.district.amana_id
        return [(row.code, row.name) for row in districts_of_amana(amana)]

    def _reports(self) -> list[tuple[str, str]]:
        numbers = [report.number for report in reports_of(self.distortion)]
        return [(number, number) for number in numbers]

    def _suggest_team(self) -> None:
        """Choose the team that the routing rules name, and say which rule it was."""
        rule = route(self.distortion, at=timezone.now())
        if rule:
            self.initial["team"] = rule.team.code
            self.fields["team"].help_text = _("By the rule “%(rule)s”.") % {"rule": rule.name}

    def _wishes(self) -> dict:
        """Return what was filled in, in make_move's words. Photos are kept before the move."""
        wishes = {
            name: value
            for name in (*self.move.needs, *self.move.offers)
            if (value := self.cleaned_data.get(name)) not in (None, "", [])
        }
        if "place" in wishes:
            near = self.distortion.district.amana.outline or self.distortion.geometry
            wishes["geometry"] = read_place(wishes.pop("place"), near=near)
        if "photos" in self.fields:
            self._upload()
            wishes["photos"] = [*self.cleaned_data["kept"], *self.uploaded]
        return wishes

    def _upload(self) -> None:
        """Keep the photos that came with the form, also when the move is refused afterwards."""
        for upload, taken in zip(self.cleaned_data["photos"], self.taken(), strict=False):
            data, sha256 = whole(upload)
            add_photo(
                data=data,
                sha256=sha256,
                by=self.by,
                distortion=self.distortion,
                kind=Photo.Kind.AFTER,
                taken=taken,
            )
            self.uploaded.append(sha256)

    def _tell(self, refusal: Refused) -> None:
        self.refusal = refusal
        if not refusal.fields:
            self.add_error(None, str(refusal))
        for name, texts in refusal.fields.items():
            field = "place" if name == "geometry" else name
            self.add_error(field if field in self.fields else None, texts)


def forms_for(
    name: str, distortion: Distortion, *, by, tasks: Tasks, refused: MoveForm | None = None
) -> list[MoveForm]:
    """Return the form of a move, with what was *refused* in its place; before it, where the move
    has a label of its own for what it offers, a button that makes it without.
    """
    is_refused = refused is not None and refused.name == name
    asking = refused if is_refused else MoveForm(name, distortion, by=by, tasks=tasks)
    button = [MoveForm(name, distortion, by=by, is_button=True)] if name in LABELS else []
    return [*button, asking]


def _pause_reasons() -> list[tuple[str, str]]:
    return PauseReason.choices


def _elements() -> list[tuple[str, str]]:
    return [(element.code, element.name) for element in elements_on(timezone.localdate())]
