"""Who works with it, and the keys of programs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "gis_app.accounts"
    verbose_name = _("Accounts")
