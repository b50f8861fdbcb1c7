"""The demo's accounts. Their password is published, so they exist on the embedded cluster only."""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from gis_app.accounts.models import User
from gis_app.accounts.rights import REGISTRARS
from gis_app.errors import Refused
from gis_app.treatment.models import Team

PASSWORD = "rasd-demo-2026"  # published on purpose
CREW_TEAM = "treatment-1"  # the team of the crew's account
ROLES = {
    "inspector": User.Role.INSPECTOR,
    "triage": User.Role.TRIAGE,
    "crew": User.Role.CREW,
    "verifier": User.Role.VERIFIER,
    "planner": User.Role.PLANNER,
    "admin": User.Role.ADMIN,
}


def demo_allowed() -> bool:
    """Whether this database may hold demonstration accounts: only the project's own cluster."""
    return settings.RASD_EMBEDDED


def refuse_unless_demo_allowed() -> None:
    if not demo_allowed():
        raise Refused("A demo city is made on the embedded database only.")


@transaction.atomic
def make_demo_users(*, crew_of: Team) -> None:
    """Create one account for each role."""
    refuse_unless_demo_allowed()
    hashed = make_password(PASSWORD)  # once: hashing is slow on purpose
    for username, role in ROLES.items():
        User.objects.create(
            username=username,
            password=hashed,
            role=role,
            team=crew_of if role == User.Role.CREW else None,
            is_staff=role in REGISTRARS,  # the routing rules are written in the administration
            is_superuser=role == User.Role.ADMIN,
            is_demo=True,
        )
