"""What seldom changes and is asked for by every page: kept in memory, and never out of date."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistersConfig(AppConfig):
    name = "gis_app.registers"
    verbose_name = _("Registers")
