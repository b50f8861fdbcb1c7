"""A report with all that can be personal, and a search for what is left of it."""

from django.db import connection
from django.utils import timezone

from gis_app.distortions.models import Report
from gis_app.messages.actions import send
from gis_app.messages.models import Message
from tests import factories

CONTACT = {"name": "Noura", "phone": "0551234567", "email": "noura@example.sa"}
NOTE = "She called twice."  # by somebody on the desk
# What must be nowhere in the database once it was erased.
HERS = ("Noura", "551234567", "noura@example.sa", "By the old mill", "second door")


def personal_report() -> Report:
    """A report with all that can be personal, of a distortion that nobody has accepted yet."""
    found = factories.report(
        contact=CONTACT, description="By the old mill.", place_note="The second door."
    )
    factories.photo(report=found)
    return found


def closed(report: Report, *moves: str) -> Report:
    """Bring the case of *report* to an end."""
    for name in moves or ("accept", "assign", "treat", "verify"):
        factories.move(name, report.distortion, note=NOTE)
    report.refresh_from_db()
    return report


def written_to(report: Report) -> Message:
    """A message that was sent to the reporter."""
    contact = report.contact
    found = send(
        kind="accepted", channel="email", to=contact.email, language="en",
        context={"number": report.number}, key=str(report.pk), stop_token=contact.stop_token,
    )  # fmt: skip
    Message.objects.filter(pk=found.pk).update(state="sent", sent_at=timezone.now())
    return found


def left_of(*texts: str) -> list[tuple[str, str]]:
    """Return which of *texts* stand in which table, whatever the column."""
    with connection.cursor() as cursor:
        return [
            (text, table)
            for table in connection.introspection.table_names(cursor)
            for text in texts
            if _stands_in(cursor, table, text)
        ]


def _stands_in(cursor, table: str, text: str) -> bool:
    cursor.execute(
        f'SELECT EXISTS (SELECT FROM "{table}" AS one WHERE strpos(one::text, %s) > 0)', [text]
    )
    return cursor.fetchone()[0]
