"""Bring the database to this version of the code."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from gis_app.catalogue.models import Element


class Command(BaseCommand):
    help = "Migrates, loads the catalogue, the index, the messages' texts and, in an empty embedded database, the demo city."

    def handle(self, *args, **options) -> None:
        call_command("migrate", interactive=False)
        if settings.RASD_EMBEDDED or not Element.objects.exists():
            call_command("load_catalogue")  # else the amana's own would be undone at every start
        call_command("load_index")
        call_command("load_messages")
        if settings.RASD_EMBEDDED:
            call_command("load_demo")
