"""Layers as files to take away."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    name = "gis_app.exports"
    verbose_name = _("Exports")
