from django.core.management.base import BaseCommand, CommandError

from gis_app.accounts import tokens
from gis_app.accounts.models import Token, User
from gis_app.errors import Refused


class Command(BaseCommand):
    help = "Print a new key with which a program may use the API in the name of USERNAME."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Token.Scope.values,
            help="what the key is for; may be given several times (default: everything)",
        )
        parser.add_argument("--days", type=int, default=90, help="how long it is good (90)")
        parser.add_argument("--name", default="", help="which program it is for")

    def handle(self, *, username, scope, days, name, **options):
        owner = User.objects.filter(username=username, is_active=True).first()
        if owner is None:
            raise CommandError(f"There is no active user named {username}.")
        try:
            key = tokens.issue(
                owner=owner, scopes=scope or Token.Scope.values, days=days, name=name
            )
        except Refused as refusal:
            raise CommandError(f"{refusal} {refusal.fields}") from None
        self.stderr.write(f"Good for {days} days, and not shown again:")
        self.stdout.write(key)
