"""Erases personal data whose time is over; the worker does the same every night."""

from functools import partial

from django.core.management.base import BaseCommand
from tqdm import tqdm

from gis_app.distortions.retention import MOST, due, retain


class Command(BaseCommand):
    help = "Erase personal data whose time is over: contacts, words, photos, notes, messages."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="count only, erase nothing")
        parser.add_argument("--most", type=int, default=MOST, help="cases in one run")

    def handle(self, *args, dry_run: bool, most: int, **options):
        bar = partial(tqdm, desc="cases", unit="", disable=None, leave=False)
        counted = due() if dry_run else retain(most=most, progress=bar)
        told = ", ".join(f"{name} {count}" for name, count in counted.items())
        self.stdout.write(f"{'Due' if dry_run else 'Erased'}: {told}.")
