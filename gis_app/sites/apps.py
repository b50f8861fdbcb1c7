"""Registers of parks and of kiosk sites."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitesConfig(AppConfig):
    name = "gis_app.sites"
    verbose_name = _("Parks and kiosks")
