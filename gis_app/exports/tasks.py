"""Jobs of files; what they do stands in writing.py."""

from procrastinate.contrib.django import app

from gis_app.exports.writing import drop_expired, revive, write_waiting


@app.task
def write_exports() -> None:
    write_waiting()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="tend_exports", pass_context=False)
def tend_exports(timestamp: int) -> None:
    """Bring on their way what a killed worker left behind."""
    revive()
    write_waiting()


@app.periodic(cron="40 * * * *")
@app.task(queueing_lock="drop_expired_exports", pass_context=False)
def drop_expired_exports(timestamp: int) -> None:
    """Delete files that were kept long enough."""
    drop_expired()
