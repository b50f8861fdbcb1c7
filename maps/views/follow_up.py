"""What comes after a verification: the visits and checks that wait, and what was found."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gis_app.geo.spoken import read_place
from gis_app.places.models import District
from gis_app.places.registers import districts_of
from gis_app.treatment.monitoring import checks_of, visits_of
from maps.asked import one_of
from maps.follow_up import FollowUpForm, SecondCheckForm, VisitForm, waiting_context
from maps.views.desk import render_case
from maps.views.staff import staff_only


@require_safe
@never_cache
@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """The visits to make, what is overdue first, and the second checks that wait."""
    district, place = request.GET.get("district", ""), request.GET.get("near", "")
    if district:
        known = [row.code for row in districts_of(request.user)]
        one_of(known, name="district", value=district)
    near = read_place(place, near=District.objects.box()) if place else None
    context = waiting_context(request.user, district=district, near=near)
    return render(request, "maps/follow_up.html", context)


@require_POST
@staff_only
def visit(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Record what a visit found."""
    return _record(request, number, VisitForm, visits_of(request.user).filter(pk=pk))


@require_POST
@staff_only
def second_check(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Record what a second check found."""
    return _record(request, number, SecondCheckForm, checks_of(request.user).filter(pk=pk))


def _record(request: HttpRequest, number: str, form_of: type[FollowUpForm], rows) -> HttpResponse:
    row = rows.select_related("distortion").filter(distortion__number=number).first()
    if row is None:
        raise Http404
    form = form_of(row, by=request.user, data=request.POST.dict(), files=request.FILES)
    if not form.make():
        status = form.refusal.status if form.refusal else 422
        return render_case(request, number, follow_up=form, status=status)
    told = format_html('<bdi dir="ltr">{}</bdi>', number)
    messages.success(request, format_html(_("{number}: it is recorded."), number=told))
    return redirect("maps:follow_up")
