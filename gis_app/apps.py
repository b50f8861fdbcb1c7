"""The project as an app: its checks are registered when it starts."""

from importlib import import_module

from django.apps import AppConfig


class RasdConfig(AppConfig):
    name = "gis_app"

    def ready(self):
        import_module("gis_app.checks")  # registers what must be true before a start
