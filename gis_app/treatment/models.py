"""Who treats, what is treated together, and what is looked at again."""

from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import User
from gis_app.language import Named
from gis_app.treatment.due import Reminder
from gis_app.treatment.follow_up import SecondCheck, Visit
from gis_app.treatment.routing import RoutingRule

__all__ = [
    "Body",
    "CrewLink",
    "Job",
    "Reminder",
    "RoutingRule",
    "SecondCheck",
    "Team",
    "Visit",
]


class Team(Named, models.Model):
    """The city's own crew, or a contractor's."""

    class Kind(models.TextChoices):
        OWN = "own", _("Own team")
        CONTRACTOR = "contractor", _("Contractor")

    amana = models.ForeignKey(
        "places.Amana", models.PROTECT, related_name="teams", verbose_name=_("amana")
    )
    code = models.SlugField(_("code"), unique=True)
    name_ar = models.CharField(_("Arabic name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OWN)
    elements = models.ManyToManyField(
        "catalogue.Element",
        blank=True,
        related_name="teams",
        verbose_name=_("elements"),
        help_text=_("None: all of them."),
    )
    districts = models.ManyToManyField(
        "places.District",
        blank=True,
        related_name="teams",
        verbose_name=_("districts"),
        help_text=_("None: all of them."),
    )
    calendar = models.ForeignKey(
        "catalogue.WorkingCalendar",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("working calendar"),
        help_text=_("What is left of a promise runs in it. Empty: in the element's."),
    )
    second_check_share = models.DecimalField(
        _("share checked twice"),
        max_digits=4,
        decimal_places=3,
        default="0.05",
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("Of its verified treatments, drawn at random: 0 to 1."),
    )
    is_active = models.BooleanField(_("in service"), default=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")


class Body(Named, models.Model):
    """Whom the city refers to what is not its own to treat: a company, a ministry's branch."""

    code = models.SlugField(_("code"), unique=True)
    name_ar = models.CharField(_("Arabic name"), max_length=120, unique=True)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")


class Job(models.Model):
    """Several distortions that one team treats together."""

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    number = models.CharField(_("number"), max_length=24, unique=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, related_name="jobs", verbose_name=_("team"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    created_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return self.number


class CrewLink(models.Model):
    """A signed address with which a contractor's crew works on its assignments without a password.

    It signs in as an account of its own, so that rights, steps and revoking are those of any crew.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="links", verbose_name=_("team"))
    user = models.OneToOneField(User, models.PROTECT, related_name="crew_link")
    label = models.CharField(_("for whom"), max_length=80)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("crew link")
        verbose_name_plural = _("crew links")
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="link_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return f"{self.team}: {self.label}"
