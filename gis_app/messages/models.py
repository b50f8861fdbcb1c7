"""The outbox: every message, whether it went out, and the texts that messages are made from."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    WHATSAPP = "whatsapp", _("WhatsApp")


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    FAILED = "failed", _("Failed, will be tried again")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Could not be sent")
    STOPPED = "stopped", _("Dropped")


WAITING = (State.QUEUED, State.FAILED)


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now):
        """Messages whose next try has come."""
        return self.filter(state__in=WAITING, next_try_at__lte=now)

    def outbox(self) -> dict[str, Any]:
        """How many went out in the last day, how many wait, and since when the oldest does."""
        last_day = timezone.now() - timedelta(days=1)
        # Two questions: each reads an index of a few, and neither all that was ever sent.
        sent = self.filter(state=State.SENT, sent_at__gte=last_day).count()
        waiting = self.filter(state__in=WAITING)
        return {
            "sent": sent,
            **waiting.aggregate(waiting=Count("pk"), oldest=Min("created_at")),
        }

    def finished(self):
        """Messages that nothing will be done with any more."""
        return self.filter(state__in=(State.SENT, State.STOPPED))

    def dead(self):
        """Messages that could not be sent, the newest first: the desk decides on them."""
        return self.filter(state=State.DEAD).order_by("-created_at")


class Message(models.Model):
    """One message to one address, in the words of the moment in which it was queued.

    `to`, `subject` and `body` are personal: they are never logged, and erased some time after
    the message went out.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=uuid4)
    key = models.CharField(
        _("key"), max_length=160, unique=True, help_text=_("The same event is told once.")
    )
    kind = models.SlugField(_("kind"), db_index=False)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    to = models.CharField(_("address"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    pictures = models.JSONField(
        _("pictures"),
        default=list,
        blank=True,
        help_text=_("Photos that go with it if they are public when it is sent."),
    )
    about = models.CharField(_("about"), max_length=24, blank=True, db_index=True)
    stop_token = models.CharField(max_length=32, blank=True, db_index=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("queued"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True, default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = (
            models.Index(
                fields=["next_try_at"], name="message_due", condition=Q(state__in=WAITING)
            ),
            models.Index(fields=["created_at"], name="message_dead", condition=Q(state=State.DEAD)),
            models.Index(fields=["sent_at"], name="message_sent", condition=Q(state=State.SENT)),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=State.SENT) | Q(sent_at__isnull=False),
                name="sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WAITING) | Q(next_try_at__isnull=False),
                name="waiting_has_a_next_try",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class MessageTemplate(models.Model):
    """The words of one kind of message, for one channel, in one language."""

    kind = models.SlugField(_("kind"), db_index=False)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(
        _("subject"), max_length=120, blank=True, help_text=_("Of an e-mail.")
    )
    body = models.TextField(
        _("text"),
        help_text=_("Words in braces are filled in; a line that has none to fill in is left out."),
    )
    is_active = models.BooleanField(
        _("is sent"), default=True, help_text=_("Off: nobody is told this by this channel.")
    )
    edited_at = models.DateTimeField(
        _("edited"), null=True, blank=True, help_text=_("Empty: as it came with the program.")
    )

    class Meta:
        verbose_name = _("message text")
        verbose_name_plural = _("message texts")
        ordering = ("kind", "channel", "language")
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "channel", "language"], name="one_text_per_message"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}, {self.channel}, {self.language}"
