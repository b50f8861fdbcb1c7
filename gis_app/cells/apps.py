"""How many distortions lie where, kept for every zoom of a map."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CellsConfig(AppConfig):
    name = "gis_app.cells"
    verbose_name = _("Cells of the map")
