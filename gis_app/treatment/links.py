"""Crew links: a signed address that lets a contractor's crew work without accounts of their own.

The address carries the link's key under the server's signature; the row says how long it works.
It signs in as an account of the link's own, so that what the crew does is told as any crew's.
"""

from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.models import User
from gis_app.distortions.record import in_turn
from gis_app.errors import Conflict, Forbidden, Refused
from gis_app.language import clean_text
from gis_app.treatment.models import CrewLink
from gis_app.treatment.queries import teams_of

SALT = "rasd.crew-link"
MAKERS = (User.Role.TRIAGE, User.Role.ADMIN)
MOST_DAYS, MOST_LABEL = 90, 80


class NoSuchLink(Refused):
    """Also of one that ended or was taken back: who tries addresses learns nothing."""

    status = 404
    reason = _("This link does not work, or no longer. Ask the desk for a new one.")


def may_make_links(user) -> bool:
    """Whether *user* gives links to crews and takes them back."""
    return user.is_authenticated and user.is_city_staff and user.role in MAKERS


def links_of(user) -> QuerySet[CrewLink]:
    """Return the links of the teams that *user* assigns to: those that work first."""
    rows = CrewLink.objects.filter(team__in=teams_of(user)).select_related("team", "made_by")
    return rows.order_by("-revoked_at", "-expires_at", "-pk")


@transaction.atomic
def make_link(*, team: str, label: str, days: int, id: UUID, by) -> tuple[CrewLink, bool]:
    """Make a link for the team of that code; return it, and whether it is new.

    *label* says for whom. The same *id* again is the same link.
    """
    if not may_make_links(by):
        raise Forbidden
    in_turn(id)
    username = f"link-{id.hex}"
    known = CrewLink.objects.filter(user__username=username).first()
    if known:
        if known.made_by_id != by.pk:
            raise Conflict  # its address is shown to whoever made it
        return known, False
    label = clean_text(label, field="label", limit=MOST_LABEL)
    found = next((row for row in teams_of(by) if row.code == team), None)
    wrong: dict[str, list[object]] = {}
    if found is None:
        wrong["team"] = [_("This team is not known.")]
    if not label:
        wrong["label"] = [_("Say for whom it is.")]
    if not 1 <= days <= MOST_DAYS:
        wrong["days"] = [_("From 1 to %(most)d days.") % {"most": MOST_DAYS}]
    if found is None or wrong:
        raise Refused(fields=wrong)
    user = User(
        username=username,
        first_name=label,
        role=User.Role.CREW,
        team=found,
        amana=found.amana,
        is_by_link=True,
    )
    user.set_unusable_password()
    user.save()
    now = timezone.now()
    link = CrewLink.objects.create(
        team=found,
        user=user,
        label=label,
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    return link, True


def signed(link: CrewLink) -> str:
    """Return what the address of *link* carries: whoever has it can work as its crew."""
    return signing.dumps(link.pk, salt=SALT)


def opened(text: str) -> CrewLink:
    """Return the link behind the signed *text*, with its team; NoSuchLink unless it works now."""
    try:
        key = signing.loads(text, salt=SALT, max_age=timedelta(days=MOST_DAYS))
    except signing.BadSignature:
        raise NoSuchLink from None
    now = timezone.now()
    working = CrewLink.objects.filter(
        revoked_at=None, expires_at__gt=now, user__is_active=True, team__is_active=True
    )
    link = working.select_related("team", "user").filter(pk=key).first()
    if link is None:
        raise NoSuchLink
    return link


@transaction.atomic
def use_link(text: str) -> CrewLink:
    """Return the working link behind the signed *text*, used at this moment."""
    link = opened(text)
    link.last_used_at = timezone.now()
    link.save(update_fields=["last_used_at"])
    return link


@transaction.atomic
def revoke_link(*, key: int, by) -> CrewLink:
    """Take a link back: from this moment on neither it nor a session that it opened works."""
    if not may_make_links(by):
        raise Forbidden
    link = links_of(by).select_for_update(of=("self",)).filter(pk=key).first()
    if link is None:
        raise NoSuchLink
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        link.user.is_active = False
        link.user.save(update_fields=["is_active"])
    return link
