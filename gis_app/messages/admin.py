"""The texts of messages, to edit; each with a preview. Messages themselves are personal: not here."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import admin as queue

from gis_app.geo.admin import PlainAdmin
from gis_app.messages.models import Channel, MessageTemplate
from gis_app.messages.texts import PLACEHOLDER, Text, kind_name, placeholders, shipped

# Its pages show the arguments of tasks, in English: the queue is looked at by its own command.
admin.site.unregister(queue.models.ProcrastinateJob)


class TextForm(forms.ModelForm):
    """Words in braces must be those that a message of this kind can fill in."""

    class Meta:
        model = MessageTemplate
        fields = ("subject", "body", "is_active")

    def clean_subject(self) -> str:
        return self._checked("subject")

    def clean_body(self) -> str:
        body = self._checked("body")
        row = self.instance
        came = shipped().get((row.kind, row.channel, row.language))
        if came and "{stop}" in came.body and "{stop}" not in body:
            raise ValidationError(_("Keep {stop}: whoever is told must be able to stop it."))
        return body

    def _checked(self, name: str) -> str:
        text = self.cleaned_data[name]
        known = placeholders(self.instance.kind)
        unknown = sorted(set(PLACEHOLDER.findall(text)) - set(known))
        if unknown:
            told = {"unknown": ", ".join(unknown), "known": ", ".join(known)}
            raise ValidationError(
                _("Nothing fills in %(unknown)s here; these are known: %(known)s.") % told
            )
        return text


@admin.register(MessageTemplate)
class MessageTemplateAdmin(PlainAdmin):
    form = TextForm
    list_display = ("named", "channel", "language", "subject", "is_active", "edited_at")
    list_filter = ("channel", "language", "is_active")
    search_fields = ("kind", "subject", "body")
    fields = ("named", "channel", "language", "subject", "body", "known", "preview", "is_active")
    readonly_fields = ("named", "channel", "language", "known", "preview")

    def has_add_permission(self, request):
        """The program knows which messages there are."""
        return False

    def save_model(self, request, obj, form, change):
        if {"subject", "body"} & set(form.changed_data):
            obj.edited_at = timezone.now()
        super().save_model(request, obj, form, change)

    @admin.display(description=_("kind"), ordering="kind")
    def named(self, obj) -> str:
        return kind_name(obj.kind)

    @admin.display(description=_("words in braces"))
    def known(self, obj) -> str:
        return ", ".join(f"{{{name}}}" for name in placeholders(obj.kind))

    @admin.display(description=_("preview"))
    def preview(self, obj) -> str:
        examples = {name: words[obj.language] for name, words in placeholders(obj.kind).items()}
        subject, body = Text(obj.subject, obj.body).filled(examples)
        told = f"{subject}\n\n{body}" if obj.channel == Channel.EMAIL else body
        return format_html('<pre dir="auto">{}</pre>', told)
