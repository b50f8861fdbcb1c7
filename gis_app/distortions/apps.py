"""What lies on the ground, and what was said of it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DistortionsConfig(AppConfig):
    name = "gis_app.distortions"
    verbose_name = _("Distortions")
