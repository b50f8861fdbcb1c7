"""Jobs of the night."""

from procrastinate.contrib.django import app

from gis_app.distortions.erasing import sweep
from gis_app.distortions.retention import retain


@app.periodic(cron="20 0 * * *")  # UTC: in the small hours of Riyadh
@app.task(queueing_lock="erase_what_is_due", pass_context=False)
def erase_what_is_due(timestamp: int) -> None:
    """Erase the personal data whose time is over."""
    retain()


@app.periodic(cron="50 0 * * *")
@app.task(queueing_lock="sweep_photos", pass_context=False)
def sweep_photos(timestamp: int) -> None:
    """Delete files of photos that a crash left without a row."""
    sweep()
