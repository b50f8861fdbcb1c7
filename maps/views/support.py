"""What people see too: one press on the page of a distortion."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis_app.accounts.client import client_of
from gis_app.distortions import actions
from gis_app.distortions.models import Report
from gis_app.errors import Refused
from gis_app.language import active
from maps.forms import SupportForm
from maps.sending import device_of, keep_device, remember
from maps.views.lists import render_distortion

NOT_THERE = 404


@require_POST
def support(request: HttpRequest, number: str) -> HttpResponse:
    """One more who sees it, once a person or browser; what is refused is said on the same page."""
    device = device_of(request)
    form = SupportForm(request.POST)
    try:
        report, is_new = actions.support(
            number=number,
            by=request.user,
            contact=form.contact(),
            client=client_of(request),
            device=device,
            language=active(),
        )
    except Refused as refused:
        if refused.status == NOT_THERE:
            raise
        form.add_refusal(refused)
        return render_distortion(request, number, form=form, status=refused.status)
    remember(request, report)
    messages.success(request, _told(report, is_new=is_new))
    page = reverse("maps:distortion", args=[report.distortion.number])
    return keep_device(redirect(page), device)


def _told(report: Report, *, is_new: bool) -> str:
    """Thank whoever pressed, with the way to the page that is hers alone."""
    thanks = _("Thank you: now we know that you see it too.")
    return format_html(
        '{} <a href="{}">{}</a>',
        thanks if is_new else _("You have told us already."),
        reverse("maps:track", args=[report.track_token]),
        _("Follow it"),
    )
