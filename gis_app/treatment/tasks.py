"""Jobs of the clock; what they do stands in reminding.py."""

from procrastinate.contrib.django import app

from gis_app.treatment.reminding import escalate, remind


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="watch_promises", pass_context=False)
def watch_promises(timestamp: int) -> None:
    """Tell of what is due soon and of what has become late."""
    remind()
    escalate()
