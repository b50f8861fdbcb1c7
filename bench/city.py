"""The city that is measured, and who asks."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from gis_app.accounts import tokens
from gis_app.accounts.models import Token, User
from gis_app.cells import ledger as cells
from gis_app.distortions.models import Distortion
from gis_app.progress import ledger

SIZES = {"100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}


def ensure(size: str) -> int:
    """Bring the database to this version, fill it up to *size*, and return how many there are."""
    call_command("prepare", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    missing = SIZES[size] - Distortion.objects.count()
    if missing > 0:
        call_command("make_city", distortions=missing, years=2, seed=7)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    ledger.fold()  # as the worker does each minute
    cells.fold()
    return max(SIZES[size], SIZES[size] - missing)


def token() -> str:
    """Return a key of somebody who sees what the public sees, and may report."""
    owner, _is_new = User.objects.get_or_create(username="bench")
    return tokens.issue(owner=owner, scopes=[Token.Scope.READ, Token.Scope.REPORT], days=2)


def postgres() -> int:
    """Return the process of the embedded PostgreSQL."""
    return int((Path(settings.RASD_LOCAL) / "pg/data/postmaster.pid").read_text().split()[0])
