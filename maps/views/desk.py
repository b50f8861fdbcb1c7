"""The desk: what waits, one case with the moves that are open, and what residents sent."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gis_app.distortions.contacts import look_at_contact
from gis_app.distortions.judging import clear_photo, clear_text, withhold_photo, withhold_text
from gis_app.distortions.models import Contact
from gis_app.errors import Unreadable
from maps.desk import case_context, case_of
from maps.follow_up import follow_up_context
from maps.history import history_context
from maps.queue import queue_context, waits_for
from maps.views.staff import staff_and_links, staff_only

JUDGEMENTS = {
    "photo": {"publish": clear_photo, "withhold": withhold_photo},
    "text": {"publish": clear_text, "withhold": withhold_text},
}


class JudgementForm(forms.Form):
    """What somebody on the desk decided about one photo, or about the words of one report."""

    deed = forms.ChoiceField(choices=[(deed, deed) for deed in JUDGEMENTS["photo"]])
    token = forms.CharField(required=False)
    report_id = forms.UUIDField(required=False)

    def judge(self, *, by) -> str:
        """Publish or withhold it, and return the number of its distortion."""
        if not self.is_valid():
            raise Unreadable(fields=dict(self.errors))
        deed, token, report_id = self.cleaned_data.values()
        if token:
            return JUDGEMENTS["photo"][deed](token=token, by=by).distortion.number
        return JUDGEMENTS["text"][deed](report_id=report_id, by=by).distortion.number


class ContactForm(forms.Form):
    """Whose contact somebody on the desk wants to see."""

    report_id = forms.UUIDField()

    def look(self, *, by) -> Contact:
        """Return the contact, and keep that *by* has looked at it."""
        return look_at_contact(report_id=self.cleaned_data["report_id"], by=by)


@require_safe
@never_cache
@staff_and_links
def queue(request: HttpRequest) -> HttpResponse:
    """A queue; where there is room for it, its first case beside it."""
    waits = waits_for(request.user)
    context = queue_context(request, waits)
    if context["rows"]:
        first = case_of(request.user, context["rows"][0].number)
        context |= case_context(first, user=request.user, tasks=waits.tasks)
        context |= follow_up_context(first, user=request.user)
    return render(request, "maps/desk.html", context)


@require_safe
@never_cache
@staff_and_links
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case; where there is room for it, its queue beside it."""
    return render_case(request, number)


@require_safe
@never_cache
@staff_only
def history(request: HttpRequest, number: str) -> HttpResponse:
    """All that ever changed on a case: when, by whom, from what to what."""
    distortion = case_of(request.user, number)
    if distortion is None:
        raise Http404
    return render(request, "maps/history.html", history_context(distortion, user=request.user))


@require_POST
@staff_only
def clear(request: HttpRequest) -> HttpResponse:
    """Publish or withhold one photo or text of a resident, and go back to where it was judged."""
    form = JudgementForm(request.POST)
    number = form.judge(by=request.user)
    token = form.cleaned_data["token"]
    if token and request.POST.get("back") == "photo":
        address = reverse("maps:blur", args=[token])
        return redirect(f"{address}?{request.GET.urlencode()}")
    return redirect(f"{reverse('maps:case', args=[number])}?{request.GET.urlencode()}#said")


@require_POST
@never_cache
@staff_only
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """The case with one reporter's contact in full: on this answer only, and the look is kept."""
    asked = ContactForm(request.POST)
    if not asked.is_valid():
        raise Unreadable(fields=dict(asked.errors))
    return render_case(request, number, contact=asked.look(by=request.user))


def render_case(
    request: HttpRequest, number: str, *, form=None, contact=None, follow_up=None, status=200
) -> HttpResponse:
    """Answer the page of one case; *contact* is one to be shown.

    *form* is a move that was refused, *follow_up* a visit or second check that was.
    """
    distortion = form.distortion if form else case_of(request.user, number)
    if distortion is None:
        raise Http404
    waits = waits_for(request.user)
    told = case_context(
        distortion, user=request.user, tasks=waits.tasks, form=form, contact=contact
    )
    told |= follow_up_context(distortion, user=request.user, refused=follow_up)
    context = queue_context(request, waits) | told | {"is_case": True}
    return render(request, "maps/desk.html", context, status=status)
