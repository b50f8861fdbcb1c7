"""Bring the database to this version of the code."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrates, loads the catalogue, the messages' texts and, in an empty embedded database, the demo city."

    def handle(self, *args, **options) -> None:
        call_command("migrate", interactive=False)
        call_command("load_catalogue")
        call_command("load_messages")
        if settings.RASD_EMBEDDED:
            call_command("load_demo")
