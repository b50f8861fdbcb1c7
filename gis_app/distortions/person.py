"""What is kept of one person: found by account, telephone or e-mail, handed out, or erased."""

import json
from dataclasses import dataclass
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gis_app.accounts.actions import erase_account
from gis_app.accounts.models import User
from gis_app.distortions import checks
from gis_app.distortions.models import Contact, ContactLook, Photo, Report
from gis_app.distortions.photos import path
from gis_app.distortions.privacy import erase_report
from gis_app.errors import Refused
from gis_app.messages.models import Message


class Nobody(Refused):
    status = 404
    reason = _("Nothing is kept of such a person.")


@dataclass(frozen=True)
class Person:
    """Whatever leads to her: her account, if there is one, and her reports, split ones too."""

    user: User | None
    reports: QuerySet[Report]

    @property
    def contacts(self) -> QuerySet[Contact]:
        return Contact.objects.filter(report__in=self.reports)

    @property
    def messages(self) -> QuerySet[Message]:
        return Message.objects.filter(stop_token__in=self.contacts.values("stop_token"))

    @property
    def photos(self) -> QuerySet[Photo]:
        return Photo.objects.filter(report__in=self.reports, erased_at=None)


def find_person(*, username: str = "", phone: str = "", email: str = "") -> Person:
    """Return the person behind an account's name, a telephone number or an e-mail address.

    The number is read as people write it, in either digits. Raises Nobody when none is known.
    """
    user = User.objects.filter(username=username).first() if username else None
    reach = checks.contact({"phone": phone, "email": email})
    of_hers = Q(by=user) if user else Q(pk__in=[])
    if "phone" in reach:
        of_hers |= Q(contact__phone=reach["phone"])
    if "email" in reach:
        of_hers |= Q(contact__email__iexact=reach["email"])
    found = _with_parts(set(Report.objects.filter(of_hers).values_list("pk", flat=True)))
    if user is None and not found:
        raise Nobody
    return Person(user, Report.objects.filter(pk__in=found).order_by("number"))


def _with_parts(found: set) -> set:
    """Add what was split off from these reports, and what they were split off from."""
    newest = found
    while newest:
        near = Report.objects.filter(Q(split_from__in=newest) | Q(parts__in=newest))
        newest = set(near.values_list("pk", flat=True)) - found
        found = found | newest
    return found


def erase_person(person: Person, *, by=None) -> int:
    """Erase all that is hers, in open cases too, which go on without her; return how many reports.

    Each report by itself, so that no more than one case is locked: doing it again does the rest.
    """
    reports = list(person.reports.values_list("pk", flat=True))
    for pk in reports:
        erase_report(report_id=pk, by=by)
    if person.user:
        erase_account(person.user)
    return len(reports)


def export_person(person: Person, file: BinaryIO) -> None:
    """Write a zip to *file*: person.json with all that is hers, and her photos."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        text = json.dumps(all_of(person), ensure_ascii=False, indent=2, default=str)
        archive.writestr("person.json", text)
        for photo in person.photos:
            picture = path(photo.sha256, "large")
            if picture.exists():
                archive.write(picture, f"photos/{photo.token}.jpg")


def all_of(person: Person) -> dict[str, Any]:
    """Return all that is kept of *person*, in plain words; no name of staff is among it."""
    looks = ContactLook.objects.filter(report__in=person.reports).order_by("pk")
    return {
        "account": _account(person.user),
        "reports": [
            _report(report) for report in person.reports.select_related("distortion", "element")
        ],
        "contacts": list(person.contacts.values("report__number", "name", "phone", "email")),
        "photos": list(
            person.photos.values("token", "kind", "added_at", "taken_at", "report__number")
        ),
        "messages": list(
            person.messages.values("kind", "channel", "to", "subject", "body", "created_at")
        ),
        "looks_at_her_contact": list(looks.values("report__number", "at", "by__role")),
    }


def _account(user: User | None) -> dict[str, Any] | None:
    if user is None:
        return None
    names = ("username", "first_name", "last_name", "email", "date_joined", "last_login")
    return {name: getattr(user, name) for name in names}


def _report(report: Report) -> dict[str, Any]:
    names = (
        "number", "id", "observed_at", "device_observed_at", "received_at", "accuracy_m",
        "quantity", "description", "place_note", "source", "external_number", "language",
        "track_token", "erased_at",
    )  # fmt: skip
    return {
        **{name: getattr(report, name) for name in names},
        "element": report.element.code,
        "geometry": json.loads(report.geometry.geojson),
        "distortion": report.distortion.number,
        "status": report.distortion.status,
    }
