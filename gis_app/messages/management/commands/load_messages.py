"""Load the texts of messages."""

from django.core.management.base import BaseCommand

from gis_app.messages.actions import load_texts


class Command(BaseCommand):
    help = "Load the texts of messages that come with the program; those that were edited are kept."

    def handle(self, *args, **options):
        told = load_texts()
        self.stdout.write(
            f"Messages: {told['new']} new, {told['changed']} changed, {told['kept']} edited ones kept."
        )
