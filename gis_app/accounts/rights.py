"""Who may change the registers: districts, streets, parks and kiosk sites."""

from gis_app.accounts.models import User
from gis_app.errors import Forbidden

REGISTRARS = {User.Role.PLANNER, User.Role.ADMIN}


def registrars_only(by: User | None) -> None:
    """Refuse anybody but a planner or an administrator; None is a command on the server itself."""
    if by is not None and not (by.is_authenticated and by.is_active and by.role in REGISTRARS):
        raise Forbidden()
