"""Vector tiles of every layer, and the TileJSON that tells what is in them."""

import gzip

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gis_app import tiles
from gis_app.geo.mvt import Address

MVT = "application/vnd.mapbox-vector-tile"
ANY = "{z}/{x}/{y}"


@require_safe
def about(request: HttpRequest, layer: str) -> JsonResponse:
    """TileJSON 3.0.0 of a layer, for the filters that were asked."""
    params = _asked(request, layer)
    told = tiles.describe(layer, user=request.user, params=params)
    path = reverse("maps:tile", args=[layer, 0, 0, 0]).replace("0/0/0", ANY)
    told["tiles"] = [f"{request.build_absolute_uri('/')[:-1]}{path}?{urlencode(params)}"]
    return JsonResponse(told)


@require_safe
def tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile; 204 where nothing is, since a tile without a layer would be no tile."""
    params = _asked(request, layer)
    address = Address(z, x, y)
    if z > tiles.DEEPEST or not address.is_in_world:
        raise Http404
    found = tiles.tile(layer, address, user=request.user, params=params)
    if not found.body:
        return HttpResponse(status=204)
    answer = HttpResponse(found.body, content_type=MVT)
    if found.is_capped:
        answer["Rasd-Capped"] = f"count={found.shown}"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.content = gzip.compress(found.body, compresslevel=1)  # 6 takes three times as long
        answer["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ["Accept-Encoding", "Cookie"])
    return answer


def _asked(request: HttpRequest, layer: str) -> dict[str, str]:
    """Return the filters; the version is there for caches alone."""
    if layer not in tiles.FEATURES:
        raise Http404
    return {name: text for name, text in request.GET.items() if name != "v" and text}
