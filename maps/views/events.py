"""What happened, as a list: the rows behind every number of a period."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gis_app.catalogue.registers import elements_on
from gis_app.distortions.events import WORDS
from gis_app.distortions.history import words_of
from gis_app.errors import Unreadable
from gis_app.layers import LAYERS
from gis_app.places.registers import districts_in_force
from maps.filters import beside_the_form, in_words
from maps.listing import asked_of, paged, roughly_counted

HIDDEN = ("reject", "refer", "merge")  # what only staff are told
OF_THE_FORM = ("event", "day", "element", "district")
OPEN_END = ".."


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """A page of what happened, the newest first; what was done twice stands there twice.

    The form sends the days apart; numbers send them as one interval.
    """
    params, cursor = asked_of(request)
    ends = [params.pop(name, OPEN_END) for name in ("from", "to")]
    if ends != [OPEN_END, OPEN_END]:
        params["day"] = "/".join(ends)
    try:
        with LAYERS["steps"].bounded(params):
            told = _found(request, params, cursor) | _form(request, params)
    except Unreadable as refusal:
        readable = {name: text for name, text in params.items() if name not in refusal.fields}
        told = {"refused": in_words(refusal.fields), "is_first": True} | _form(request, readable)
    return render(request, "maps/events.html", told, status=400 if "refused" in told else 200)


def _found(request: HttpRequest, params: dict[str, str], cursor: str) -> dict:
    layer = LAYERS["steps"]
    rows = layer.rows(request.user, params)
    found = paged(layer, rows, cursor) | roughly_counted(rows)
    for row in found["rows"]:
        row.words = words_of(row, staff=_is_staff(request))
    return found


def _form(request: HttpRequest, params: dict[str, str]) -> dict:
    """What can be chosen, and what was chosen."""
    first, _slash, last = params.get("day", "").partition("/")
    return {
        "params": params,
        "chosen": {name: params.get(name, "").split(",") for name in OF_THE_FORM},
        "others": beside_the_form(params, OF_THE_FORM),
        "first": first.strip("."),
        "last": (last or first).strip("."),
        "today": timezone.localdate(),
        "events": [
            (event, word)
            for event, word in WORDS.items()
            if _is_staff(request) or event not in HIDDEN
        ],
        "elements": elements_on(timezone.localdate()),
        "districts": [(row.code, row.name) for row in districts_in_force()],
    }


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_city_staff
