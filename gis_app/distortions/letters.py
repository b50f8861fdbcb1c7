"""Messages as the desk and their readers see them: silence, and what could not be delivered."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.distortions.contacts import may_look
from gis_app.distortions.models import Contact, Distortion
from gis_app.distortions.queries import sees_everything
from gis_app.distortions.telling import reached_by
from gis_app.errors import Forbidden, Refused
from gis_app.messages import actions
from gis_app.messages.models import Message


class NoSuchAddress(Refused):
    status = 404
    reason = _("No messages have this address.")


class NoSuchMessage(Refused):
    status = 404
    reason = _("This message is no longer waiting for a decision.")


def contact_behind(stop_token: str) -> Contact:
    """Return the contact whose messages bear that token; NoSuchAddress when there is none."""
    found = Contact.objects.select_related("report").filter(stop_token=stop_token).first()
    if found is None:
        raise NoSuchAddress
    return found


@transaction.atomic
def stop_messages(*, token: str) -> Contact:
    """Send nothing more to the person behind *token*, for any report that she has sent so far.

    Whoever holds the token may ask for it; asking twice is harmless.
    """
    contact = contact_behind(token)
    _channel, to = reached_by(contact)
    # Only where the token was sent to is surely hers: the other address may be somebody else's.
    same = Q(phone=to) | Q(email=to) if to else Q()
    theirs = Contact.objects.filter(Q(pk=contact.pk) | same)
    theirs.filter(stopped_at=None).update(stopped_at=timezone.now())
    actions.drop_waiting(theirs.values_list("stop_token", flat=True))
    return contact


def undelivered(user):
    """Messages that could not be sent, for those who answer reporters, about what they work on."""
    if not may_look(user):
        return Message.objects.none()
    if sees_everything(user):
        return Message.objects.dead()
    theirs = Distortion.objects.in_scope_of(user).values("number")
    return Message.objects.dead().filter(about__in=theirs)


def try_again(*, id: UUID, by) -> Message:
    """Send a message that could not be sent anew, as often as a fresh one is tried."""
    return _decided(id, by, actions.retry)


def give_up(*, id: UUID, by) -> Message:
    """Drop a message that could not be sent: nobody is told any more."""
    return _decided(id, by, actions.drop)


@transaction.atomic
def _decided(id: UUID, by, deed) -> Message:
    if not may_look(by):
        raise Forbidden
    message = undelivered(by).select_for_update().filter(pk=id).first()
    if message is None:
        raise NoSuchMessage
    deed(message)
    return message
