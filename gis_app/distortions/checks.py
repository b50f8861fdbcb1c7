"""What may stand in a report or a move: a kind, texts, numbers, and ways to reach somebody."""

from datetime import UTC, datetime
from math import isfinite

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.models import Element
from gis_app.catalogue.registers import element_on
from gis_app.errors import Refused
from gis_app.language import clean_text, latin_digits

MOST_QUANTITY = 1_000_000
MOST_ACCURACY_M = 100_000
YEARS = range(1900, 2101)


def element(code: str, *, at: datetime) -> Element:
    """Return the element of that *code*; Refused when it is not in force on the day of *at*."""
    found = element_on(code, timezone.localdate(at))
    if found is None:
        raise Refused(fields={"element": [_("This kind of distortion is not in the catalogue.")]})
    return found


def description(text: str) -> str:
    return clean_text(text, field="description", limit=2000)


def place_note(text: str) -> str:
    return clean_text(text, field="place_note", limit=300)


def external_number(text: str) -> str:
    return clean_text(text, field="external_number", limit=40)


def device(text: str) -> str:
    return clean_text(text, field="device", limit=64)


def number(value: float | None, *, field: str, most: float) -> float | None:
    """Return *value*; Refused when it is negative, no number, or beyond *most*."""
    if value is None:
        return None
    if not isfinite(value) or not 0 <= value <= most:
        raise Refused(fields={field: [_("Give a number from 0 to %(most)d.") % {"most": most}]})
    return float(value)


def moment(value: datetime, *, field: str) -> datetime:
    """Return *value* in UTC; Refused without a zone, or beyond what zones and calendars can do."""
    if value.year not in YEARS:
        raise Refused(fields={field: [_("Give the time as 2026-11-20T09:12:00+03:00.")]})
    if timezone.is_naive(value):
        raise Refused(fields={field: [_("Give the time with its zone, such as +03:00.")]})
    return value.astimezone(UTC)  # PostgreSQL reads fewer offsets than Python


def contact(given: dict[str, str]) -> dict[str, str]:
    """Return name, phone (E.164) and email of *given*, without the empty ones."""
    name = clean_text(given.get("name", ""), field="contact.name", limit=120)
    phone = _phone(given.get("phone", ""))
    email = clean_text(given.get("email", ""), field="contact.email", limit=254)
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise Refused(fields={"contact.email": error.messages}) from None
    told = {"name": name, "phone": phone, "email": email}
    return {key: value for key, value in told.items() if value}


def _phone(text: str) -> str:
    text = clean_text(latin_digits(text), field="contact.phone", limit=30)
    if not text:
        return ""
    refused = Refused(
        fields={"contact.phone": [_("This is not a telephone number, such as 05XXXXXXXX.")]}
    )
    try:
        parsed = phonenumbers.parse(text, "SA")
    except phonenumbers.NumberParseException:
        raise refused from None
    if not phonenumbers.is_valid_number(parsed):
        raise refused
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
