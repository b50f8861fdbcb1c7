"""A message as a mail: plain text, the same as a page that runs the right way, and its pictures."""

from email.mime.image import MIMEImage
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import urlize
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gis_app.messages.errors import Undeliverable
from gis_app.messages.models import Message
from gis_app.messages.texts import stop_address

_FOR_GOOD = 500  # SMTP's answers from here on do not change by asking again


class Mail:
    """Django's mail, whatever it is set to."""

    def send(self, message: Message) -> None:
        try:
            as_mail(message).send()
        except SMTPRecipientsRefused as error:
            code = max(code for code, _text in error.recipients.values())
            raise Undeliverable(f"SMTP {code}", for_good=code >= _FOR_GOOD) from None
        except SMTPResponseException as error:
            raise Undeliverable(f"SMTP {error.smtp_code}") from None


def as_mail(message: Message) -> EmailMultiAlternatives:
    """Return the mail, with those of its pictures that anybody may see at this moment."""
    mail = EmailMultiAlternatives(
        message.subject, message.body, to=[message.to], headers=_headers(message)
    )
    with translation.override(message.language):
        pictures = _pictures(message.pictures)
    for name, _caption, data in pictures:
        mail.attach(_inline(name, data))
    first, *rest = _paragraphs(message.body)
    told = {
        "message": message,
        "first": first,
        "pictures": [(name, caption) for name, caption, _data in pictures],
        "rest": rest,
    }
    mail.attach_alternative(render_to_string("rasd_messages/mail.html", told), "text/html")
    return mail


def _paragraphs(text: str) -> list[SafeString]:
    """Return each paragraph as HTML; its links keep their direction, else Arabic turns them."""
    return [
        mark_safe(  # urlize has escaped it
            urlize(block, autoescape=True).replace("<a ", '<a dir="ltr" ').replace("\n", "<br>")
        )
        for block in text.split("\n\n")
    ]


def _headers(message: Message) -> dict[str, str]:
    host = urlsplit(settings.SITE_URL).hostname
    # The same in every attempt: many mail programs then show a message once that came twice.
    headers = {"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    if message.stop_token:
        headers["List-Unsubscribe"] = f"<{stop_address(message.stop_token)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _pictures(tokens: list[tuple[str, str]]) -> list[tuple[str, str, bytes]]:
    """Return name, caption and bytes of the pictures that are public now; others are left out."""
    open_photo = import_string(settings.RASD_PICTURES)  # photos stand above messages
    captions = {"before": _("Before"), "after": _("After")}
    found = []
    for name, token in tokens:
        opened = open_photo(token, "thumb", user=AnonymousUser())
        if opened:
            with opened.file as file:
                found.append((name, captions[name], file.read()))
    return found


def _inline(name: str, data: bytes) -> MIMEImage:
    image = MIMEImage(data, "jpeg")
    image["Content-ID"] = f"<{name}>"
    image["Content-Disposition"] = f'inline; filename="{name}.jpg"'
    return image
