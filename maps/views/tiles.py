"""Vector tiles of every layer, and the TileJSON that tells what is in them."""

import gzip

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gis_app import tiles
from gis_app.geo.mvt import Address
from gis_app.layers import LAYERS
from gis_app.progress.version import version

MVT = "application/vnd.mapbox-vector-tile"
ANY = "{z}/{x}/{y}"
KEPT_S = 6 * 3600  # a tile counts days too, so not for ever
FRESH_S = 60


@require_safe
def about(request: HttpRequest, layer: str) -> JsonResponse:
    """TileJSON 3.0.0 of a layer, for the filters that were asked."""
    params = _asked(request, layer)
    told = tiles.describe(layer, user=request.user, params=params)
    path = reverse("maps:tile", args=[layer, 0, 0, 0]).replace("0/0/0", ANY)
    # With its version the address is of one state of the city: what a cache kept is never too old.
    question = urlencode({**params, "v": version()})
    told["tiles"] = [f"{request.build_absolute_uri('/')[:-1]}{path}?{question}"]
    answer = JsonResponse(told)
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile; 204 where nothing is, since a tile without a layer would be no tile."""
    params = _asked(request, layer)
    address = Address(z, x, y)
    if z > tiles.DEEPEST or not address.is_in_world:
        raise Http404
    with LAYERS[layer].bounded(params):
        found = tiles.tile(layer, address, user=request.user, params=params)
    answer = HttpResponse(found.body, content_type=MVT) if found.body else HttpResponse(status=204)
    if found.is_capped:
        answer["Rasd-Capped"] = f"count={found.shown}"
    if found.body and "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.content = gzip.compress(found.body, compresslevel=1)  # 6 takes three times as long
        answer["Content-Encoding"] = "gzip"
    answer["Cache-Control"] = _cached(request)
    patch_vary_headers(answer, ["Accept-Encoding", "Cookie"])
    return answer


def _cached(request: HttpRequest) -> str:
    """Return how long a tile may be kept: what the public sees of one version, for long."""
    if request.user.is_authenticated:
        return "private, no-cache"
    return f"public, max-age={KEPT_S if 'v' in request.GET else FRESH_S}"


def _asked(request: HttpRequest, layer: str) -> dict[str, str]:
    """Return the filters; the version is there for caches alone."""
    if layer not in tiles.FEATURES:
        raise Http404
    return {name: text for name, text in request.GET.items() if name != "v" and text}
