"""How much one client may write: fixed stretches of time, counted in PostgreSQL for all workers."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from gis_app.accounts.models import Allowance
from gis_app.errors import TooMany

KEPT = timedelta(days=1)
SWEPT_AT_ONCE = 1_000

# One statement, so that two requests at once cannot both take the last one.
SPEND = """
    INSERT INTO accounts_allowance AS spent (client, deed, starts_at, used)
    VALUES (%s, %s, %s, 1)
    ON CONFLICT (client, deed, starts_at)
    DO UPDATE SET used = spent.used + 1 WHERE spent.used < %s
    RETURNING used
"""


def spend(deed: str, *, client: str, limit: int, seconds: int) -> None:
    """Count one *deed* of *client*; TooMany when there were *limit* in this stretch of *seconds*.

    Inside a transaction that fails nothing is spent.
    """
    now = timezone.now()
    past = int(now.timestamp()) % seconds
    starts_at = datetime.fromtimestamp(int(now.timestamp()) - past, UTC)
    with connection.cursor() as cursor:
        cursor.execute(SPEND, [client, deed, starts_at, limit])
        spent = cursor.fetchone()
    if spent is None:
        raise TooMany(retry_after=seconds - past)
    if spent == (1,):
        _sweep(before=now - KEPT)


def _sweep(*, before: datetime) -> None:
    old = Allowance.objects.filter(starts_at__lt=before).select_for_update(skip_locked=True)
    Allowance.objects.filter(pk__in=old.values("pk")[:SWEPT_AT_ONCE]).delete()
