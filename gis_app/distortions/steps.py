"""Every move in the life of a distortion. Insert-only: what was said of a day stays said."""

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import User
from gis_app.catalogue.models import Element
from gis_app.distortions.status import Status
from gis_app.geo.filters import RIYADH
from gis_app.places.models import District

# Steps beside the life of a distortion, and what they are called: they change no status.
ASIDE = {
    "join": _("Another report joined"),
    "absorb": _("A duplicate was merged into it"),
    "release": _("A merge into it was undone"),
    "part": _("Split off from another one"),
    "group": _("Put into a job"),
    "publish": _("Published"),
    "withhold": _("Withheld"),
    "blur": _("Blurred"),
    "erase": _("Personal data erased"),
    "visit": _("Follow-up visit"),
    "check": _("Second check"),
    "recur": _("Linked to the earlier treatment"),
    "reassign": _("The districts' borders changed"),
}

# Moves of its life that change no status either.
WORDS = {"pause": _("Paused"), "resume": _("Resumed"), "split": _("Split in two")}
# It went to another district or element. As the index below has it: "not equal" would not find it.
WENT_OVER = (
    Q(from_district__lt=F("to_district"))
    | Q(from_district__gt=F("to_district"))
    | Q(from_element__lt=F("to_element"))
    | Q(from_element__gt=F("to_element"))
)


class Step(models.Model):
    """One move. Insert-only: the database refuses UPDATE and DELETE. Words stand in StepText.

    It is read by its distortion, or by its day: an index more would only slow down every move.
    """

    distortion = models.ForeignKey(
        "distortions.Distortion", models.PROTECT, related_name="steps", db_index=False
    )  # step_history begins with it
    uuid = models.UUIDField(unique=True)
    move = models.CharField(_("move"), max_length=12)
    at = models.DateTimeField(_("time"), help_text=_("When it happened."))
    recorded_at = models.DateTimeField(help_text=_("When the server learned of it."))
    day = models.DateField(
        help_text=_("On which it counts, in Riyadh: never before the step that came before it.")
    )
    by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="steps",
        db_index=False,
        verbose_name=_("person"),
    )
    from_team = models.ForeignKey(
        "treatment.Team", models.PROTECT, null=True, related_name="+", db_index=False
    )
    team = models.ForeignKey("treatment.Team", models.PROTECT, null=True, db_index=False)
    from_status = models.CharField(_("status before"), max_length=12, choices=Status, blank=True)
    to_status = models.CharField(_("status after"), max_length=12, choices=Status)
    from_district = models.ForeignKey(
        District, models.PROTECT, null=True, related_name="+", db_index=False
    )
    to_district = models.ForeignKey(
        District, models.PROTECT, related_name="+", db_index=False, verbose_name=_("district after")
    )
    from_element = models.ForeignKey(
        Element, models.PROTECT, null=True, related_name="+", db_index=False
    )
    to_element = models.ForeignKey(
        Element, models.PROTECT, related_name="+", db_index=False, verbose_name=_("element after")
    )
    from_quantity = models.FloatField(null=True)
    to_quantity = models.FloatField(null=True)
    due_at = models.DateTimeField(null=True, help_text=_("What was promised from here on."))
    from_late_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(
        null=True,
        help_text=_("When it becomes late, if nothing more happens and it is not paused."),
    )
    hours = models.FloatField(
        null=True, help_text=_("Of a treatment: since the first report, night and day.")
    )
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text=_("SAR"))
    into = models.ForeignKey(
        "distortions.Distortion", models.PROTECT, null=True, related_name="+", db_index=False
    )
    differences = models.JSONField(
        default=dict,
        help_text=_("What else changed: {aspect: [before, after]}. Never personal text."),
    )
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("pk",)
        indexes = (
            models.Index(fields=["distortion", "id"], name="step_history"),
            models.Index(F("day").desc(), F("id").desc(), name="step_newest"),
            models.Index(fields=["day"], name="step_went_over", condition=WENT_OVER),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(from_status="")
                | Q(to_status=Status.REPORTED, from_district__isnull=True),
                name="first_step_is_from_nothing",
            ),
            models.CheckConstraint(
                condition=Q(day__gte=TruncDate("at", tzinfo=RIYADH)),
                name="step_not_before_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.distortion.number} {self.move}"


class StepText(models.Model):
    """The words of a step. Beside it, so that personal text can be erased."""

    step = models.OneToOneField(Step, models.CASCADE, primary_key=True, related_name="text")
    reason = models.TextField(blank=True, help_text=_("Shown to the reporter."))
    note = models.TextField(blank=True, help_text=_("For staff only."))
    body = models.CharField(max_length=120, blank=True, help_text=_("To whom it was referred."))
    reference = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.reason[:60]
