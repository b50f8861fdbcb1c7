"""Looks at the photos that were kept before anybody asked whether one is used again."""

from django.core.management.base import BaseCommand
from tqdm import tqdm

from gis_app.distortions.looking import look_at, not_looked_at


class Command(BaseCommand):
    help = "Remember what each photo looks like, so that it is found when it is used again."

    def handle(self, *args, **options):
        waiting = not_looked_at()
        bar = tqdm(waiting, unit=" photos", disable=None, leave=False)
        used_again = sum(look_at(photo) for photo in bar)
        self.stdout.write(f"Looked at {len(waiting)} photos; used again: {used_again}.")
