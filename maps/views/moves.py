"""A move that somebody on the desk makes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis_app.distortions.status import words_for
from gis_app.treatment.workflow import MOVES
from maps.desk import case_of
from maps.move_forms import MoveForm
from maps.views.compare import merged
from maps.views.desk import render_case
from maps.views.staff import staff_and_links


@require_POST
@staff_and_links
def move(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Make the move and go on with the queue, or show the case with the reasons against it."""
    distortion = case_of(request.user, number)
    if distortion is None or name not in MOVES:
        raise Http404
    form = MoveForm(name, distortion, by=request.user, data=request.POST, files=request.FILES)
    if not form.make():
        status = form.refusal.status if form.refusal else 422
        form.distortion = case_of(request.user, number) or distortion
        return render_case(request, number, form=form, status=status)
    messages.success(request, merged(form.step) if name == "merge" else _told(form))
    if form.misfit:
        messages.warning(request, _("The team %(words)s.") % {"words": form.misfit})
    return redirect(f"{reverse('maps:desk')}?{request.GET.urlencode()}")


def _told(form: MoveForm) -> str:
    """Say what was done, with the way back to the case."""
    address = reverse("maps:case", args=[form.distortion.number])
    number = format_html(
        '<a href="{}"><bdi dir="ltr">{}</bdi></a>', address, form.distortion.number
    )
    return format_html(
        _("{number}: {move}. Now: {status}."),
        number=number,
        move=form.move.label,
        status=words_for(form.step.distortion.status, staff=True),
    )
