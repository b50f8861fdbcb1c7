"""Jobs of the outbox; what they do stands in delivery.py."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from gis_app.messages.delivery import deliver
from gis_app.messages.models import Message

AT_ONCE = 500  # messages that one look at the outbox brings on their way


@app.task
def deliver_message(id: str) -> None:
    deliver(UUID(id))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="deliver_due", pass_context=False)
def deliver_due(timestamp: int) -> None:
    """Bring on their way what failed before, and what a killed worker left behind."""
    due = Message.objects.due(timezone.now()).order_by("next_try_at")
    deliver_all(due.values_list("pk", flat=True)[:AT_ONCE])


def deliver_all(ids) -> None:
    """Queue a job for each message, in the caller's transaction."""
    jobs: list[JSONDict] = [{"id": str(id)} for id in ids]
    if jobs:
        deliver_message.batch_defer(*jobs)
