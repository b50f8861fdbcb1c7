"""Say how to sign in to the demo."""

from django.core.management.base import BaseCommand
from django.urls import reverse

from gis_app.accounts.models import User
from gis_app.demo.people import PASSWORD
from gis_app.treatment.links import signed
from gis_app.treatment.models import CrewLink


class Command(BaseCommand):
    help = "Prints the demonstration accounts and their password."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--link", action="store_true", help="also the address of the contractor's crew link"
        )

    def handle(self, *args, link: bool, **options) -> None:
        accounts = User.objects.filter(is_demo=True).order_by("pk")
        if accounts:
            names = ", ".join(account.username for account in accounts)
            self.stdout.write(f"Sign in as {names}; the password is {PASSWORD}")
        made = CrewLink.objects.filter(made_by__is_demo=True, revoked_at=None).first()
        if link and made:
            self.stdout.write(
                f"As a contractor's crew: {reverse('maps:crew_link', args=[signed(made)])}"
            )
