"""Layers to take away as files: at once, or ordered and fetched when they are ready."""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gis_app.accounts.client import client_of
from gis_app.exports import actions
from gis_app.exports.formats import FORMATS, Format
from gis_app.exports.models import Export
from gis_app.exports.streams import Blocks
from gis_app.layers import LAYERS, Layer
from maps.filters import all_in_words

OF_A_KNOWN_SIZE = ("distortions", "steps")  # points: of areas nobody knows how many corners
MINE = 10  # of the reader's own files


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every layer, and what the reader has ordered herself."""
    return render(
        request,
        "maps/exports.html",
        {
            "layers": LAYERS.values(),
            "formats": FORMATS.values(),
            "mine": Export.objects.of(request.user)[:MINE],
        },
    )


@require_safe
def choose(request: HttpRequest, layer: str) -> HttpResponse:
    """The formats of what the address asks for, and about how large each file is."""
    chosen = _layer(layer)
    question = _question(request)
    rows = chosen.rows(request.user, question)
    most = settings.RASD_EXPORT_AT_ONCE
    count = actions.count(chosen, rows, question, most=most + 1)
    return render(
        request,
        "maps/export_choose.html",
        {
            "layer": chosen,
            "asked": urlencode(question, safe=","),
            "words": _words(chosen, question),
            "count": count,
            "most": most,
            "is_large": count > most,
            "formats": [(one, count * one.bytes_a_row) for one in FORMATS.values()],
            "size_is_known": layer in OF_A_KNOWN_SIZE and 0 < count <= most,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, layer: str, format: str) -> HttpResponse:
    """The file itself; a large one is not written while somebody waits, but ordered by POST."""
    chosen, kind = _layer(layer), _format(format)
    asked = {
        "layer": chosen,
        "format": kind,
        "question": _question(request),
        "by": request.user,
        "client": client_of(request),
    }
    if request.method == "HEAD":
        return _as_file(None, kind, chosen.name)
    if request.method == "POST" and not kind.is_streamed:  # which never has to be ordered
        return redirect("maps:export_ordered", actions.order(**asked).pk)
    try:
        return _as_file(actions.take(**asked), kind, chosen.name)
    except actions.TooLarge:
        page = reverse("maps:export_choose", args=[layer])
        return redirect(f"{page}?{urlencode(asked['question'], safe=',')}")


@require_safe
def ordered(request: HttpRequest, id: UUID) -> HttpResponse:
    """How far an ordered file is, and the way to it."""
    export = _open_to(request, id)
    told = {
        "export": export,
        "layer": export.published,
        "asked": urlencode(export.question, safe=","),
        "words": _words(export.published, export.question),
    }
    return render(request, "maps/export_ordered.html", told)


@require_safe
def progress(request: HttpRequest, id: UUID) -> HttpResponse:
    """The same in three numbers, for the page to look again."""
    export = _open_to(request, id)
    told = {
        "rows_all": export.rows_all,
        "rows_done": export.rows_done,
        "is_finished": export.is_finished,
    }
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


@require_safe
def fetch(request: HttpRequest, id: UUID) -> HttpResponse:
    """An ordered file, for whoever may take it."""
    export = get_object_or_404(Export.objects.open_to(request.user).ready(), pk=id)
    if request.method == "HEAD":
        return _as_file(None, export.kind, export.layer)
    try:
        return _as_file(actions.take_ready(export), export.kind, export.layer)
    except FileNotFoundError:
        raise Http404 from None


def _layer(name: str) -> Layer:
    if name not in LAYERS:
        raise Http404
    return LAYERS[name]


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise Http404
    return FORMATS[name]


def _question(request: HttpRequest) -> dict[str, str]:
    """Return the filters of the address, as the list reads them."""
    asked = {name: ",".join(filter(None, texts)) for name, texts in request.GET.lists()}
    return {name: text for name, text in asked.items() if text}


def _words(layer: Layer, question: dict[str, str]) -> list[str]:
    if layer is LAYERS["distortions"]:
        return all_in_words(question)
    return [f"{name}: {text}" for name, text in question.items()]


def _open_to(request: HttpRequest, id: UUID) -> Export:
    return get_object_or_404(Export.objects.open_to(request.user), pk=id)


def _as_file(blocks: Blocks | None, kind: Format, name: str) -> HttpResponse:
    """Answer *blocks* as a file with a name of its own; without any the head of the answer alone."""
    suffix = f"{timezone.localdate()}.{kind.name}"
    headers = {
        "Content-Disposition": f'attachment; filename="rasd-{name}-{suffix}"',
        "Cache-Control": "private, no-store",
    }
    if blocks is None:
        return HttpResponse(content_type=kind.content_type, headers=headers)
    if blocks.size is not None:
        headers["Content-Length"] = str(blocks.size)
    return StreamingHttpResponse(blocks, content_type=kind.content_type, headers=headers)
