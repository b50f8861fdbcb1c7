"""Who works with the system, in which role, and for which part of the city."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class UserManager(DjangoUserManager["User"]):
    def create_superuser(self, username, email=None, password=None, **facts):
        """Whoever runs the system is its administrator: Django's own rights alone open no case."""
        facts = {"role": User.Role.ADMIN} | facts
        return super().create_superuser(username, email, password, **facts)


class User(AbstractUser):
    """A person with an account. The role says which moves; the scope says where, and of what.

    The scope is what lies in all of amana, sub-municipality and districts, of the elements;
    empty ones narrow nothing. A crew's scope is what its team was given; for others the team
    only says where they belong.
    """

    class Role(models.TextChoices):
        RESIDENT = "resident", _("Resident")
        INSPECTOR = "inspector", _("Field inspector")
        CREW = "crew", _("Treatment crew")
        TRIAGE = "triage", _("Triage officer")
        VERIFIER = "verifier", _("Closure verifier")
        PLANNER = "planner", _("Planner")
        ADMIN = "admin", _("Administrator")

    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.RESIDENT)
    # Strings, not imports: places and treatment stand above accounts.
    amana = models.ForeignKey(
        "places.Amana", models.PROTECT, null=True, blank=True, verbose_name=_("amana")
    )
    sub_municipality = models.ForeignKey(
        "places.SubMunicipality",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("sub-municipality"),
    )
    team = models.ForeignKey(
        "treatment.Team", models.PROTECT, null=True, blank=True, verbose_name=_("team")
    )
    districts = models.ManyToManyField(
        "places.District",
        blank=True,
        related_name="+",
        verbose_name=_("districts"),
        help_text=_("None: all of them."),
    )
    elements = models.ManyToManyField(
        "catalogue.Element",
        blank=True,
        related_name="+",
        verbose_name=_("elements"),
        help_text=_("None: all of them."),
    )
    is_demo = models.BooleanField(
        _("demonstration account"),
        default=False,
        help_text=_("Has a published password; a production start is refused while one exists."),
    )

    is_by_link = models.BooleanField(
        _("account of a link"),
        default=False,
        editable=False,
        help_text=_("Signed in by a crew's link alone: sees its team's work, and nothing else."),
    )

    objects: ClassVar[UserManager] = UserManager()

    @property
    def is_city_staff(self) -> bool:
        """Whether this person works for the city, in whatever role."""
        return self.is_active and self.role != self.Role.RESIDENT

    @cached_property
    def district_keys(self) -> list[int]:
        """The districts that her work is limited to; empty: all. Asked once a request."""
        return list(self.districts.order_by().values_list("pk", flat=True))

    @cached_property
    def element_keys(self) -> list[int]:
        """The elements that her work is limited to; empty: all. Asked once a request."""
        return list(self.elements.order_by().values_list("pk", flat=True))

    @property
    def is_limited_to_places(self) -> bool:
        """Whether her work is limited to a part of the city's ground."""
        return bool(self.amana_id or self.sub_municipality_id or self.district_keys)


class Token(models.Model):
    """A key with which a program acts for its owner. Only its hash is kept."""

    class Scope(models.TextChoices):
        READ = "read", _("Read what the owner may see")
        REPORT = "report", _("Send reports and photos")
        MOVE = "move", _("Make moves")
        SITES = "sites", _("Change parks and kiosk sites")

    owner = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    key_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=16, choices=Scope), verbose_name=_("scopes"))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")

    def __str__(self) -> str:
        return f"{self.owner.username}: {self.name or self.pk}"


class Allowance(models.Model):
    """How often one client did one thing in one stretch of time. Clients are kept as keyed hashes."""

    client = models.CharField(max_length=64)
    deed = models.CharField(max_length=16)
    starts_at = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["client", "deed", "starts_at"], name="one_allowance"),
        )

    def __str__(self) -> str:
        return f"{self.deed} {self.starts_at:%H:%M}: {self.used}"
