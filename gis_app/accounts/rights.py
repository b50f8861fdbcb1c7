"""Who may change the registers, and what decides over what somebody sees."""

from gis_app.accounts.models import User
from gis_app.errors import Forbidden

REGISTRARS = {User.Role.PLANNER, User.Role.ADMIN}


def registrars_only(by: User | None) -> None:
    """Refuse anybody but a planner or an administrator; None is a command on the server itself."""
    if by is not None and not (by.is_authenticated and by.is_active and by.role in REGISTRARS):
        raise Forbidden()


def rights_of(user) -> str:
    """Return all that decides over what *user* may see, as one text; empty for the public."""
    if not (user.is_authenticated and user.is_city_staff):
        return ""
    ground = user.amana_id, user.sub_municipality_id, sorted(user.district_keys)
    return f"{user.role} {user.team_id} {ground} {sorted(user.element_keys)} {user.is_by_link}"
