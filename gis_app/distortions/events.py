"""What is counted by the day on which it happened: each event is a kind of step.

The ledger of progress counts them with the same conditions in SQL; a test holds them together.
"""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

EVENTS = {
    "report": Q(from_status=""),
    "accept": Q(move__in=("accept", "return")),
    "treat": Q(move="treat"),
    "verify": Q(move="verify"),
    "reject": Q(move="reject"),
    "refer": Q(move="refer"),
    "merge": Q(move="merge"),
    "send_back": Q(move="send_back"),
    "reopen": Q(move="reopen"),
    "recur": Q(differences__recurrence_of__0=None) & ~Q(differences__recurrence_of__1=None),
    "promised": Q(move="treat", due_at__isnull=False),
    "on_time": Q(move="treat", due_at__gte=F("at")),
    "costed": Q(cost__isnull=False),
}
WORDS = {
    "report": _("Newly reported"),
    "accept": _("Accepted"),
    "treat": _("Treated"),
    "verify": _("Treatment verified"),
    "reject": _("Rejected"),
    "refer": _("Referred"),
    "merge": _("Merged"),
    "send_back": _("Sent back"),
    "reopen": _("Reopened"),
    "recur": _("Came back"),
    "promised": _("Treated with a promise"),
    "on_time": _("Treated on time"),
    "costed": _("With a known cost"),
}
