"""The ten statuses of a distortion, in the words of the desk and of the public."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    REPORTED = "reported", _("New, awaiting triage")
    ACCEPTED = "accepted", _("Accepted")
    ASSIGNED = "assigned", _("Assigned")
    IN_PROGRESS = "in_progress", _("In progress")
    TREATED = "treated", _("Treated, awaiting verification")
    VERIFIED = "verified", _("Closed, treatment verified")
    REOPENED = "reopened", _("Reopened")
    REJECTED = "rejected", _("Rejected")
    REFERRED = "referred", _("Referred to another body")
    MERGED = "merged", _("Merged")


class PauseReason(TextChoices):
    OWNER = "owner", _("Waiting for the owner")
    BODY = "body", _("Waiting for another body")
    MATERIAL = "material", _("Waiting for material")
    ACCESS = "access", _("The place cannot be reached")
    WEATHER = "weather", _("Weather")


class Judgement(TextChoices):
    """What the desk decided about a photo or about somebody's words."""

    WAITING = "waiting", _("Not reviewed for publishing")
    PUBLISHED = "published", _("Published")
    WITHHELD = "withheld", _("Withheld")


# What the public reads; the others read alike for both.
PUBLIC_WORDS = {
    **dict(Status.choices),
    Status.REPORTED: _("We received the report"),
    Status.ACCEPTED: _("The report was accepted"),
    Status.ASSIGNED: _("Assigned to a team"),
    Status.VERIFIED: _("We verified the treatment"),
    Status.REJECTED: _("Not accepted"),
    Status.MERGED: _("Joined to an earlier report"),
}

OPEN = (Status.ACCEPTED, Status.ASSIGNED, Status.IN_PROGRESS, Status.REOPENED)
COUNTED = (*OPEN, Status.TREATED, Status.VERIFIED)  # the denominator of every rate
PUBLISHED = COUNTED  # text and photos too, once cleared
PUBLIC = (Status.REPORTED, *PUBLISHED)
UNDER_WAY = (Status.REPORTED, *OPEN)  # a new report can still join these
STANDING = (*UNDER_WAY, Status.TREATED)  # in the street, as far as anybody has checked


def words_for(status: str, *, staff: bool) -> str:
    """Return what *status* is called to a reader."""
    return str(Status(status).label if staff else PUBLIC_WORDS[Status(status)])
