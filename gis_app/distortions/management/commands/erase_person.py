"""Erases all that is kept of one person."""

from django.core.management.base import BaseCommand, CommandError

from gis_app.distortions.management.person import add_arguments, asked_for
from gis_app.distortions.person import erase_person
from gis_app.errors import Refused


class Command(BaseCommand):
    help = "Erase all that is kept of one person, in open cases too; it cannot be undone."

    def add_arguments(self, parser):
        add_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="really; without it only count")

    def handle(self, *args, yes: bool, **options):
        person = asked_for(options)
        if not yes:
            account = f", and the account {person.user.username}" if person.user else ""
            self.stdout.write(f"{person.reports.count()} reports{account}. With --yes: erased.")
            return
        try:
            erased = erase_person(person)
        except Refused as refusal:
            raise CommandError(refusal.in_full()) from None
        self.stdout.write(f"{erased} reports were erased.")
