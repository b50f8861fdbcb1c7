"""Signing in as Django does; whoever comes back is read with her scope, in one query."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery

from gis_app.accounts.models import User
from gis_app.registers.kept import remember
from gis_app.registers.models import Edition


class Backend(ModelBackend):
    """Reads with the account what every page asks next."""

    def get_user(self, user_id) -> User | None:
        """Return the account with its `district_keys` and `element_keys`."""
        rows = User.objects.annotate(
            only_districts=_keys(User.districts.through, "district"),
            only_elements=_keys(User.elements.through, "element"),
            edition=Subquery(Edition.objects.values("mark")[:1]),
        )
        found = rows.filter(pk=user_id).first()
        if found is None or not self.user_can_authenticate(found):
            return None
        remember(found.edition)
        found.district_keys, found.element_keys = found.only_districts, found.only_elements
        return found


def _keys(chosen, of: str) -> ArraySubquery:
    return ArraySubquery(chosen.objects.filter(user=OuterRef("pk")).values(of))
