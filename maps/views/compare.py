"""Two cases side by side, and one made of both."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_app.distortions.models import Step
from maps.compare import MergeForm, comparison
from maps.desk import case_of
from maps.views.staff import staff_only


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_only
def page(request: HttpRequest, number: str, other: str) -> HttpResponse:
    """Both cases, the older one first; sending it merges one into the one that stays."""
    found = [case_of(request.user, each) for each in (number, other)]
    if None in found or number == other:
        raise Http404
    older, newer = sorted(found, key=lambda row: (row.first_reported_at, row.pk))
    form = MergeForm(older, newer, by=request.user, data=request.POST or None)
    if form.is_bound and form.make():
        messages.success(request, merged(form.step))
        case = reverse("maps:case", args=[form.step.into.number])
        return redirect(f"{case}?{request.GET.urlencode()}")
    context = comparison(older, newer, user=request.user, form=form)
    status = form.refusal.status if form.refusal else 422 if form.is_bound else 200
    return render(
        request, "maps/compare.html", context | {"case": number, "kept": request.GET.urlencode()},
        status=status,
    )  # fmt: skip


def merged(step: Step) -> SafeString:
    """Say what was merged into what, with the way to undo it."""
    one, into = step.distortion.number, step.into.number
    return format_html(
        _("{one} was merged into {into}. {undo}"),
        one=format_html('<bdi dir="ltr">{}</bdi>', one),
        into=format_html('<bdi dir="ltr">{}</bdi>', into),
        undo=format_html(
            '<a href="{}#undo">{}</a>', reverse("maps:compare", args=[one, into]), _("Undo")
        ),
    )
