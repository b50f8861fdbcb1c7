"""Deletes files of photos that no row needs: an upload or a deletion that a crash cut short."""

from functools import partial

from django.core.management.base import BaseCommand
from tqdm import tqdm

from gis_app.distortions.erasing import MOST, sweep


class Command(BaseCommand):
    help = "Delete files of photos that no row needs, a day after they were written."

    def add_arguments(self, parser):
        parser.add_argument("--most", type=int, default=MOST, help="files in one run")

    def handle(self, *args, most: int, **options):
        progress = partial(tqdm, desc="folders", unit="", disable=None, leave=False)
        deleted = sweep(most=most, progress=progress)
        self.stdout.write(f"Deleted {deleted} files that no photo needs.")
        if deleted >= most:
            self.stdout.write("There may be more: look why, then run it again.")
