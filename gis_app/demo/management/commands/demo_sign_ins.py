"""Say how to sign in to the demo."""

from django.core.management.base import BaseCommand

from gis_app.accounts.models import User
from gis_app.demo.people import PASSWORD


class Command(BaseCommand):
    help = "Prints the demonstration accounts and their password."

    def handle(self, *args, **options) -> None:
        accounts = User.objects.filter(is_demo=True).order_by("pk")
        if accounts:
            names = ", ".join(account.username for account in accounts)
            self.stdout.write(f"Sign in as {names}; the password is {PASSWORD}")
