"""What the ledger counts, and where each total stands in its arrays.

A measure is a stock (a status, or `late`), an event (of a day), or a bucket of hours. The arrays
are in the order of COUNTS and AMOUNTS: append at the end only, then run `recount`.
"""

from collections.abc import Sequence
from itertools import accumulate

from gis_app.distortions.events import EVENTS
from gis_app.distortions.status import COUNTED, Status

THOUSANDTHS = 1000  # quantities and costs are kept as whole thousandths: sums are exact
BUCKETS_AN_OCTAVE = 3
BUCKETS = 42  # up to a year and a half; the last has all that took longer
WITHIN = 2 ** (1 / BUCKETS_AN_OCTAVE) - 1  # how far a percentile of hours can be off, at most

STOCKS = (*Status.values, "late")
HOURS = tuple(f"hours_{number}" for number in range(BUCKETS))
COUNTS = (*STOCKS, *EVENTS, "step", *HOURS)
AMOUNTS = (*COUNTED, "treat", "verify", "costed", "cost")


def count(measure: str) -> str:
    """Return the SQL of a count in a balance."""
    return f"counts[{COUNTS.index(measure) + 1}]"


def amount(measure: str) -> str:
    """Return the SQL of an amount in a balance, in thousandths."""
    return f"amounts[{AMOUNTS.index(measure) + 1}]"


def percentile(histogram: Sequence[int], share: float) -> float | None:
    """Return the hours that a *share* of the counted did not exceed; None when there are none.

    Inside its bucket it is taken to rise evenly: at most WITHIN off, relatively.
    """
    total = sum(histogram)
    if not total:
        return None
    wanted = share * total
    for bucket, reached in enumerate(accumulate(histogram)):
        if reached >= wanted:
            into = 1 - (reached - wanted) / histogram[bucket]
            first = bucket_begins(bucket)
            return first + into * (bucket_begins(bucket + 1) - first)
    raise AssertionError("a share of at most 1 is reached")


def bucket_begins(bucket: int) -> float:
    """Return the hours at which a bucket begins; the first one begins at 0."""
    return 2 ** (bucket / BUCKETS_AN_OCTAVE) if bucket else 0.0
