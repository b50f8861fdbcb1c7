"""How far treatment has come: kept totals, figures, indicators."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgressConfig(AppConfig):
    name = "gis_app.progress"
    verbose_name = _("Progress")
