"""What becomes of each row of a file, and why."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gis_app.errors import Refused


class Reason(TextChoices):
    """Why a row is refused."""

    TORN = "torn", _("The row has more or fewer columns than the first one")
    NO_ID = "no_id", _("Its number in the other system is missing or unreadable")
    TWICE = "twice", _("Its number stands in an earlier row of the file")
    ELEMENT = "element", _("The kind of distortion is not known")
    STATUS = "status", _("The status is not known")
    NO_PLACE = "no_place", _("No coordinates")
    UNREADABLE_PLACE = "unreadable_place", _("Unreadable coordinates")
    PLACEHOLDER = "placeholder", _("Placeholder coordinates")
    CROWDED = "crowded", _("Too many rows have exactly these coordinates")
    SHAPE = "shape", _("The shape does not fit the kind of distortion")
    OUTSIDE = "outside", _("Outside the city")
    NO_OPENING = "no_opening", _("When it was reported is missing")
    MOMENT = "moment", _("Unreadable date")
    FUTURE = "future", _("A date lies in the future")
    CLOSED_EARLY = "closed_early", _("Closed before it was reported")
    ORDER = "order", _("Its dates are out of order")
    NO_END = "no_end", _("Closed, but without a date")
    TEAM = "team", _("No known team had it")
    OTHER_TEAM = "other_team", _("Its team is of another amana than its district")
    QUANTITY = "quantity", _("Unreadable or impossible quantity")
    TEXT = "text", _("A text is too long or has control characters")
    CONTACT = "contact", _("Unreadable contact")


# The other outcomes: stored; stored by an earlier run; left out by the mapping.
LANDED, KNOWN, LEFT_OUT = "landed", "known", "left_out"


class Sieve:
    """Which rows of a chunk are still good, and what became of the others: the first word counts."""

    def __init__(self, count: int):
        self.outcome = np.full(count, "", dtype=object)
        self.detail = np.full(count, "", dtype=object)

    @property
    def good(self) -> np.ndarray:
        return self.outcome == ""

    def settle(self, rows: np.ndarray, outcome: str, detail: Sequence[str] | None = None) -> None:
        """Settle those of *rows* (yes or no for each) that are still good."""
        here = rows & self.good
        self.outcome[here] = str(outcome)
        if detail is not None:
            self.detail[here] = np.asarray(detail, dtype=object)[here]

    def refuse(self, row: int, reason: Reason, refusal: Refused) -> None:
        """Refuse one row for what the domain says of it."""
        if not self.outcome[row]:
            self.outcome[row], self.detail[row] = str(reason), refusal.in_full()

    def counted(self) -> Counter[str]:
        """Count the rows by what becomes of them."""
        return Counter(outcome or LANDED for outcome in self.outcome.tolist())
