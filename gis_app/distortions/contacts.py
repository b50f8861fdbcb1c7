"""How reporters can be reached: masked until somebody on the desk asks, and each look is kept."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.masks import masked_email, masked_name, masked_phone
from gis_app.accounts.models import User
from gis_app.distortions.models import Contact, ContactLook, Report
from gis_app.distortions.queries import CONTACT_READERS
from gis_app.errors import Forbidden, Refused


class NoContact(Refused):
    status = 404
    reason = _("There is no contact to look at.")


class Reach(NamedTuple):
    """What a reader is told of one contact; all empty: that there is one, and nothing of it."""

    name: str = ""
    phone: str = ""
    email: str = ""
    is_masked: bool = True


def in_full(contact: Contact) -> Reach:
    """Return the contact as the reporter gave it: for whoever has just looked (look_at_contact)."""
    return Reach(contact.name, contact.phone, contact.email, is_masked=False)


def reaches(reports: Iterable[Report], *, user) -> dict[UUID, Reach]:
    """Return what *user* may know, unasked, of how to reach those who sent *reports* of her scope.

    The desk's own people see it masked, other staff only that it exists, crews nothing.
    """
    if user.role == User.Role.CREW:
        return {}
    known = [report.contact for report in reports if hasattr(report, "contact")]
    if not may_look(user):
        return {contact.pk: Reach() for contact in known}
    return {
        contact.pk: Reach(
            masked_name(contact.name), masked_phone(contact.phone), masked_email(contact.email)
        )
        for contact in known
    }


def may_look(user) -> bool:
    """Whether *user* answers reporters, and may therefore see how to reach them."""
    return user.is_authenticated and user.is_city_staff and user.role in CONTACT_READERS


@transaction.atomic
def look_at_contact(*, report_id: UUID, by: User) -> Contact:
    """Return how to reach the reporter; that *by* has looked is kept for good."""
    if not may_look(by):
        raise Forbidden
    contact = Contact.objects.shown_to(by).filter(report=report_id).first()
    if contact is None:
        raise NoContact
    ContactLook.objects.create(report_id=report_id, by=by, at=timezone.now())
    return contact
