"""Which state of things an answer tells of: for caches."""

from gis_app.distortions.status import OPEN
from gis_app.geo.prepared import ask
from gis_app.registers.kept import remember

# Written out: only so does the database know that their index serves.
OPEN_ONES = ", ".join(f"'{status}'" for status in OPEN)
# The number of all deltas ever, whichever committed first. What becomes late leaves no step, so
# the last promise that has run out tells of it: to the microsecond, as two may end in one second.
VERSION = f"""
    SELECT
        (SELECT coalesce(sum(deltas), 0)::bigint FROM progress_folded)
            + (SELECT count(*) FROM progress_delta),
        (
            SELECT (1e6 * extract(epoch FROM max(due_at)))::bigint FROM distortions_distortion
            WHERE status IN ({OPEN_ONES}) AND paused_at IS NULL AND due_at < now()
        ),
        (SELECT mark FROM registers_edition)
"""


def version() -> str:
    """Return a text that changes with every committed step, when something becomes late, and when
    a register changes: a name, a border, a promise.
    """
    steps, late, mark = ask(VERSION)
    remember(mark)
    return f"{steps:x}.{late or 0:x}.{mark.hex[:8] if mark else ''}"
