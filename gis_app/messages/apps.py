"""Who is told what, by which channel."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    name = "gis_app.messages"
    label = "rasd_messages"  # Django's own messages, of one page to the next, are called `messages`
    verbose_name = _("Messages")
