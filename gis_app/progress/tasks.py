"""The ledger's job; what it does stands in ledger.py."""

from procrastinate.contrib.django import app

from gis_app.progress.ledger import fold


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="fold_progress", pass_context=False)
def fold_progress(timestamp: int) -> None:
    """Move what was counted since the last minute into the balances."""
    fold()
