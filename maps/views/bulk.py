"""What the desk does with several distortions of a queue at once."""

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gis_app.errors import Unreadable
from gis_app.treatment.bulk import move_many
from gis_app.treatment.jobs import make_job
from gis_app.treatment.queries import misfit, misplaced
from gis_app.treatment.workflow import MOVES
from maps.bulk import BY_QUEUE
from maps.views.staff import staff_only


class BulkForm(forms.Form):
    """What was chosen in a queue, and what is to be done with it."""

    id = forms.UUIDField()
    deed = forms.ChoiceField(choices=[(deed, deed) for deed in (*BY_QUEUE.values(), "job")])
    team = forms.CharField(required=False)
    due_date = forms.DateField(required=False)
    title = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        numbers = self.data.getlist("numbers")
        for number in numbers:
            validate_slug(number)
        return self.cleaned_data | {"numbers": numbers}


@require_POST
@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """Do it, and say of which it was done and of which not, and why; a job leads to its page."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        raise Unreadable(fields=dict(form.errors))
    told = form.cleaned_data | {"by": request.user}
    deed, title = told.pop("deed"), told.pop("title")
    if deed == "job":
        job, _is_new = make_job(title=title, **told)
        return redirect("maps:job", job.number)
    asked = {name: told[name] for name in ("team", "due_date") if told[name]}
    outcomes = move_many(deed, numbers=told["numbers"], id=told["id"], by=request.user, **asked)
    made = [outcome for outcome in outcomes if outcome.step]
    against = {row.number: misfit(row) for row in misplaced(outcome.number for outcome in made)}
    return render(
        request,
        "maps/bulk.html",
        {
            "label": MOVES[deed].label,
            "made": [(outcome, against.get(outcome.number)) for outcome in made],
            "refused": [outcome for outcome in outcomes if outcome.refusal],
            "kept": request.GET.urlencode(),
            "is_staff_page": True,
        },
    )
