"""Write the planner's map to a file."""

from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from gis_app.accounts.models import User
from maps.atlas.page import render


class Command(BaseCommand):
    help = "Write the map of progress as one HTML file that opens from disk, without a network."

    def add_arguments(self, parser):
        parser.add_argument("-o", "--output", type=Path, default=Path("map.html"))
        parser.add_argument("--language", choices=("ar", "en"), default="ar")
        parser.add_argument(
            "--as", dest="username", default="", help="Show what this account may see."
        )

    def handle(self, *args, output, language, username, **options):
        with translation.override(language):
            html = render(_user(username), tell=lambda text: self.stdout.write(f"  {text}"))
        try:
            output.write_text(html, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}") from None
        self.stdout.write(f"{output}: {len(html.encode()) // 1024} KB")


def _user(username: str):
    if not username:
        return AnonymousUser()
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no active account named {username}.")
    return found
