"""Jobs of the clock."""

from procrastinate.contrib.django import app

from gis_app.cells import ledger


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="fold_cells", pass_context=False)
def fold_cells(timestamp: int) -> None:
    """Put what happened since the last minute into the kept cells."""
    ledger.fold()
