"""Telling those who reported: each person once an event, in her language, where she can be reached."""

from collections.abc import Callable, Iterable, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from gis_app.distortions.models import Contact, Report, Source
from gis_app.language import in_language
from gis_app.messages.actions import Letter, send_all
from gis_app.messages.channels import offered
from gis_app.messages.models import Channel, Message

# By telephone first: that is where people are; whoever wrote by WhatsApp is answered there.
ORDER = (Channel.SMS, Channel.WHATSAPP, Channel.EMAIL)
ORDER_OF_WHATSAPP = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)

Words = dict[str, str]


def reachable(reports: Iterable[Report]) -> list[Contact]:
    """Return how to reach those who sent *reports* and have not asked for silence."""
    return list(
        Contact.objects.filter(report__in=reports, stopped_at=None)
        .select_related("report__element", "report__distortion__district")
        .order_by("report__received_at", "pk")
    )


def tell_reporters(
    contacts: Iterable[Contact],
    *,
    kind: str,
    event: str,
    more: Callable[[str], Words] | None = None,
    pictures: Sequence[tuple[str, str]] = (),
) -> list[Message]:
    """Queue one message to each person behind *contacts*, however many reports she sent.

    *event* names what happened: telling it again does nothing. *more* returns what the text of
    this kind names beside the report itself, in a language. Asks the same questions of the
    database for one reporter and for a thousand.
    """
    able = offered()
    extra: dict[str, Words] = {}
    letters: dict[tuple[str, str], Letter] = {}
    for contact in contacts:
        channel, to = reached_by(contact, able)
        if not to or (channel, to) in letters:
            continue
        language = contact.report.language
        if more and language not in extra:
            extra[language] = more(language)
        letters[channel, to] = Letter(
            kind=kind,
            channel=channel,
            to=to,
            language=language,
            context=_about(contact.report, language) | extra.get(language, {}),
            key=f"{kind} {event} {contact.pk}",
            about=contact.report.distortion.number,
            stop_token=contact.stop_token,
            pictures=pictures if channel == Channel.EMAIL else (),
        )
    return send_all(list(letters.values()))


def spoken(moment, language: str) -> str:
    """Return the day and hour of *moment* as people write them; empty when there is none."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    with translation.override(language):
        return f"{date_format(local, 'DATE_FORMAT')} {date_format(local, 'TIME_FORMAT')}"


def reached_by(contact: Contact, able: Sequence[str] = ()) -> tuple[str, str]:
    """Return the channel and the address; an empty address where she left none that is usable.

    *able* are the channels that the city has set up, where the caller knows them already.
    """
    able = able or offered()
    whatsapp = contact.report.source == Source.WHATSAPP
    for channel in ORDER_OF_WHATSAPP if whatsapp else ORDER:
        to = contact.email if channel == Channel.EMAIL else contact.phone
        if to and channel in able:
            return channel, to
    return "", ""


def _about(report: Report, language: str) -> Words:
    path = reverse("maps:track", args=[report.track_token])
    return {
        "report": report.number,
        "number": report.distortion.number,
        "element": in_language(report.element, "title", language),
        "district": in_language(report.distortion.district, "name", language),
        "address": settings.SITE_URL + path,
    }
