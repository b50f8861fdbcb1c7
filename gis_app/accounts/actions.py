"""What is done with accounts, besides what an administrator does in the admin."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import User
from gis_app.errors import Refused


@transaction.atomic
def erase_account(user: User) -> None:
    """Empty and close an account; the row stays, because steps point to whoever made them.

    Whoever still works for the city is Refused: what she decides must have a name. Once her
    account is ended (`is_active` off) her name can be erased too.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.is_city_staff:
        raise Refused(_("This account works for the city: end it first."))
    user.username = f"erased-{user.pk}"
    user.first_name = user.last_name = user.email = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()
    user.tokens.all().delete()
    about_her = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
    )
    about_her.update(object_repr=user.username, change_message="")
