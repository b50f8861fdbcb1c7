"""Crew links: the desk makes them and takes them back, a crew comes in by one."""

from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gis_app.accounts import throttle
from gis_app.accounts.client import client_of
from gis_app.errors import Forbidden, Refused
from gis_app.treatment import links
from gis_app.treatment.queries import teams_of
from maps.views.staff import staff_only

USUAL_DAYS = 30


class LinkForm(forms.Form):
    """A new link, as the desk asks for it."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    team = forms.CharField(required=False)
    label = forms.CharField(required=False)
    days = forms.IntegerField(required=False)

    def make(self, *, by) -> links.CrewLink | None:
        """Make the link; None when it was refused, with the reasons in `errors`."""
        if not self.is_valid():
            return None
        told = self.cleaned_data | {"days": self.cleaned_data["days"] or 0}
        try:
            return links.make_link(by=by, **told)[0]
        except Refused as refusal:
            if not refusal.fields:
                raise
            for name, texts in refusal.fields.items():
                self.add_error(name, texts)
            return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """The links of the desk's teams; the address of a new one is shown here once."""
    if not links.may_make_links(request.user):
        raise Forbidden
    form = LinkForm(request.POST) if request.method == "POST" else LinkForm()
    made = form.make(by=request.user) if form.is_bound else None
    address = made and reverse("maps:crew_link", args=[links.signed(made)])
    told = {
        "form": form if form.is_bound and not made else LinkForm(initial={"days": USUAL_DAYS}),
        "made": made,
        "address": address and request.build_absolute_uri(address),
        "links": links.links_of(request.user),
        "teams": teams_of(request.user),
        "most_days": links.MOST_DAYS,
        "now": timezone.now(),
    }
    return render(request, "maps/links.html", told, status=422 if form.errors else 200)


@require_POST
@staff_only
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    """Take a link back at once."""
    link = links.revoke_link(key=key, by=request.user)
    messages.success(request, _("The link of %(label)s works no more.") % {"label": link.label})
    return redirect("maps:links")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, signed: str) -> HttpResponse:
    """What a crew's link opens: who it is for, and one button that signs this browser in.

    By a button, so that a program that only looks at the address signs nobody in.
    """
    if request.method != "POST":
        answer = render(request, "maps/crew_link.html", {"link": links.opened(signed)})
        answer["X-Robots-Tag"] = "noindex"
        return answer
    throttle.spend(
        "sign_in", client=client_of(request), limit=settings.RASD_SIGN_INS_PER_HOUR, seconds=3600
    )
    link = links.use_link(signed)
    login(request, link.user)
    request.session.set_expiry(link.expires_at)
    return redirect("maps:desk")
