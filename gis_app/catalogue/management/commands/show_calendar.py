"""Show when a calendar works, to check its rows against what was meant."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format

from gis_app.catalogue.models import WorkingCalendar

DAYS = 7


class Command(BaseCommand):
    help = "Print the working hours of a calendar, day by day, as promises are counted."

    def add_arguments(self, parser):
        parser.add_argument("code")
        parser.add_argument(
            "--from", dest="first", type=date.fromisoformat, default=timezone.localdate()
        )
        parser.add_argument("--days", type=int, default=DAYS)

    def handle(self, *args, code, first, days, **options):
        calendar = WorkingCalendar.objects.filter(code=code).first()
        if calendar is None:
            known = ", ".join(WorkingCalendar.objects.values_list("code", flat=True))
            raise CommandError(f"No calendar has this code. Known: {known}")
        for day, spans in calendar.by_day(first, days=days).items():
            self.stdout.write(f"{date_format(day, 'D')} {day}  {'  '.join(spans) or '—'}")
