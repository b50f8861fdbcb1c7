"""How a page of a list is asked for, and what it says of itself: the same of every list."""

from django.db.models import QuerySet
from django.http import HttpRequest

from gis_app.layers import Layer

PAGE = 24
MOST_COUNTED = 1000  # where there is no index to count by


def asked_of(request: HttpRequest) -> tuple[dict[str, str], str]:
    """Return the filters of the address, several codes by comma, and the cursor."""
    params = {name: ",".join(filter(None, texts)) for name, texts in request.GET.lists()}
    cursor = params.pop("cursor", "")
    return {name: text for name, text in params.items() if text}, cursor


def paged(layer: Layer, rows: QuerySet, cursor: str) -> dict:
    """Return the page of *rows* after *cursor*, and the cursor of the next."""
    found = list(layer.after(rows, cursor)[: PAGE + 1])
    return {
        "rows": found[:PAGE],
        "next": layer.cursor_at(found[PAGE - 1]) if len(found) > PAGE else "",
        "is_first": not cursor,
    }


def roughly_counted(rows: QuerySet) -> dict[str, int]:
    """Return how many *rows* there are, or one more than `most`."""
    return {"count": rows[: MOST_COUNTED + 1].count(), "most": MOST_COUNTED}
