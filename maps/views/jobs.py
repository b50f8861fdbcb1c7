"""Jobs: what a team treats together, in the order of the way, with one form for all of it."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_app.distortions.models import Distortion
from gis_app.treatment.bulk import move_many
from gis_app.treatment.jobs import AT_WORK, jobs_of, on_the_way, stops_of, unfinished
from gis_app.treatment.links import may_make_links
from gis_app.treatment.models import Job
from gis_app.treatment.workflow import MOVES
from maps.cases import drawn_place
from maps.move_forms import MoveForm
from maps.views.staff import staff_and_links

MOST_JOBS = 100  # the newest


@require_safe
@never_cache
@staff_and_links
def page(request: HttpRequest) -> HttpResponse:
    """The jobs of whoever looks: what is left to do first."""
    rows = jobs_of(request.user)
    begun = list(rows.filter(pk__in=unfinished(request.user).values("pk"))[:MOST_JOBS])
    done = rows.exclude(pk__in=[job.pk for job in begun])[: MOST_JOBS - len(begun)]
    told = {
        "jobs": [*begun, *done],
        "may_make_links": may_make_links(request.user),
    }
    return render(request, "maps/jobs.html", told)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_and_links
def job(request: HttpRequest, number: str) -> HttpResponse:
    """One job; what is sent here starts it, or records the treatment of the chosen stops."""
    found = jobs_of(request.user).filter(number=number).first()
    if found is None:
        raise Http404
    stops = list(stops_of(found, request.user))
    if request.method != "POST":
        return _shown(request, found, stops)
    if "start" in request.POST:
        return _started(request, found, stops)
    chosen = set(request.POST.getlist("treated"))
    sent = {
        stop.number: _form(request, stop, data=request.POST, files=request.FILES)
        for stop in stops
        if stop.number in chosen
    }
    refused = {number: form for number, form in sent.items() if not form.make()}
    if sent and not refused:
        messages.success(request, _("Treatments recorded: %(count)d.") % {"count": len(sent)})
        return redirect("maps:job", found.number)
    if not sent:
        messages.error(request, _("Choose at least one."))
    return _shown(request, found, list(stops_of(found, request.user)), refused, status=422)


def _started(request: HttpRequest, job: Job, stops: list[Distortion]) -> HttpResponse:
    waiting = [stop.number for stop in stops if stop.status in MOVES["start"].starts]
    if waiting:
        move_many("start", numbers=waiting, id=uuid4(), by=request.user)
    return redirect("maps:job", job.number)


def _form(request: HttpRequest, stop: Distortion, **sent) -> MoveForm:
    return MoveForm("treat", stop, by=request.user, prefix=stop.number, **sent)


def _shown(request: HttpRequest, job: Job, stops, refused=None, *, status=200) -> HttpResponse:
    """Answer the page of *job*: on the way what is left, with its forms; then what is done."""
    may_treat = request.user.role in MOVES["treat"].by
    way, metres = on_the_way([stop for stop in stops if stop.status in AT_WORK])
    forms: dict[str, Any] = refused or {}
    shown = [(stop, may_treat and (forms.get(stop.number) or _form(request, stop))) for stop in way]
    return render(
        request,
        "maps/job.html",
        {
            "job": job,
            "way": shown,
            "kilometres": metres / 1000,
            "done": [stop for stop in stops if stop.status not in AT_WORK],
            "can_start": may_treat and any(stop.status in MOVES["start"].starts for stop in way),
            "refused": forms,
            "drawn": [drawn_place(stop) | {"title": stop.element_title} for stop in way],
            "is_staff_page": True,
        },
        status=status,
    )
