"""Which state of things an answer tells of: for caches."""

from django.db import connection

from gis_app.distortions.status import OPEN

# The number of all deltas ever, whichever committed first. What becomes late leaves no step, so
# the last promise that has run out tells of it.
VERSION = """
    SELECT
        (SELECT deltas FROM progress_folded) + (SELECT count(*) FROM progress_delta),
        (
            SELECT extract(epoch FROM max(due_at))::bigint FROM distortions_distortion
            WHERE status = ANY (%s) AND paused_at IS NULL AND due_at < now()
        )
"""


def version() -> str:
    """Return a text that changes with every committed step, and when something becomes late."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION, [list(OPEN)])
        steps, late = cursor.fetchone()
    return f"{steps:x}.{late or 0:x}"
