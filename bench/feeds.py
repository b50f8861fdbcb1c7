"""The feed as PostGIS encodes it, beside the same rows through django-rest-framework-gis."""

from statistics import median
from time import perf_counter

from django.contrib.auth.models import AnonymousUser
from rest_framework.renderers import JSONRenderer
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from gis_app.distortions.models import Distortion
from gis_app.geo import encode
from gis_app.layers import LAYERS

RUNS = 9
LAYER = LAYERS["distortions"]


class Plain(GeoFeatureModelSerializer):
    """The serializer that the library's documentation shows."""

    class Meta:
        model = Distortion
        geo_field = "public_geometry"
        fields = ("number", "status", "severity", "first_reported_at", "due_at", "quantity")


def encoded(limit: int) -> bytes:
    """Return the feed as the API answers it."""
    return encode.collection(LAYER.page(LAYER.rows(AnonymousUser(), {}), limit=limit).features)


def plain(limit: int) -> bytes:
    """Return the same rows, row by row in Python."""
    rows = LAYER.rows(AnonymousUser(), {}).select_related("element", "district")[:limit]
    return JSONRenderer().render(Plain(rows, many=True).data)


def main() -> None:
    """Print the medians of both, taken in turn, and their ratio."""
    for limit in (100, 1000):
        times: dict = {encoded: [], plain: []}
        for _ in range(RUNS):
            for way, taken in times.items():
                start = perf_counter()
                way(limit)
                taken.append(1000 * (perf_counter() - start))
        fast, slow = median(times[encoded]), median(times[plain])
        print(f"{limit:5d} features: {fast:6.1f} ms, plain {slow:6.1f} ms, {slow / fast:.1f} times")
