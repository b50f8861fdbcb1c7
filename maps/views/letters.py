"""Messages: a page on which somebody asks for no more of them, and the desk's undelivered ones."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gis_app.accounts.masks import masked_email, masked_phone
from gis_app.distortions.contacts import may_look
from gis_app.distortions.letters import (
    NoSuchAddress,
    contact_behind,
    give_up,
    stop_messages,
    try_again,
    undelivered,
)
from gis_app.errors import Forbidden, Unreadable
from gis_app.messages.models import Channel, Message
from gis_app.messages.texts import kind_name
from maps.views.staff import staff_only

PAGE = 50
DEEDS = {"retry": try_again, "drop": give_up}


@never_cache
@csrf_exempt  # mail programs stop messages by one POST; without the token nobody can send it
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether messages shall stop; a POST stops them, from here or from a mail program."""
    try:
        contact = stop_messages(token=token) if request.method == "POST" else contact_behind(token)
    except NoSuchAddress:
        return _unlisted(render(request, "maps/stop_unknown.html", status=404))
    told = {
        "is_stopped": request.method == "POST" or contact.stopped_at,
        "addresses": list(filter(None, (masked_phone(contact.phone), masked_email(contact.email)))),
        "report": contact.report,
    }
    return _unlisted(render(request, "maps/stop.html", told))


class DecisionForm(forms.Form):
    """What the desk decided on one message."""

    deed = forms.ChoiceField(choices=[(deed, deed) for deed in DEEDS])
    id = forms.UUIDField()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """Messages that could not be sent, of what the reader works on; a POST tries again or gives up."""
    if not may_look(request.user):
        raise Forbidden
    if request.method == "POST":
        form = DecisionForm(request.POST)
        if not form.is_valid():
            raise Unreadable(fields=dict(form.errors))
        DEEDS[form.cleaned_data["deed"]](id=form.cleaned_data["id"], by=request.user)
        return redirect("maps:letters")
    rows = list(undelivered(request.user)[: PAGE + 1])
    told = {
        "rows": [_told(row) for row in rows[:PAGE]],
        "is_more": len(rows) > PAGE,
        "outbox": Message.objects.outbox(),
        "is_staff_page": True,
    }
    return render(request, "maps/letters.html", told)


def _told(message: Message) -> dict[str, object]:
    mask = masked_email if message.channel == Channel.EMAIL else masked_phone
    return {
        "message": message,
        "kind": kind_name(message.kind),
        "channel": message.get_channel_display(),
        "to": mask(message.to),
    }


def _unlisted(answer: HttpResponse) -> HttpResponse:
    """Keep the address out of search engines."""
    answer["X-Robots-Tag"] = "noindex"
    return answer
