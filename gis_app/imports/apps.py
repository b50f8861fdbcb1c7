"""What other systems know of the city, with the whole history of each case."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "gis_app.imports"
    verbose_name = _("Imports")
