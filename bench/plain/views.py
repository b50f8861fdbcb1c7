"""Lists, progress and tiles."""

from django.db.models import Count
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_gis.filters import InBBoxFilter
from rest_framework_gis.pagination import GeoJsonPagination
from rest_framework_gis.serializers import GeoFeatureModelSerializer
from vectortiles import VectorLayer
from vectortiles.views import MVTView

from bench.plain.models import Distortion, published


class DistortionSerializer(GeoFeatureModelSerializer):
    element = serializers.CharField(source="element.code")
    element_name = serializers.CharField(source="element.name_ar")
    unit = serializers.CharField(source="element.unit")
    district = serializers.CharField(source="district.code")
    reports = serializers.IntegerField(source="reports_count")
    supporters = serializers.IntegerField(source="supporters_count")

    class Meta:
        model = Distortion
        geo_field = "public_geometry"
        id_field = "number"
        fields = (
            *("number", "element", "element_name", "status", "district", "severity"),
            *("first_reported_at", "due_at", "notice_until", "treated_at", "verified_at"),
            *("quantity", "unit", "reports", "supporters"),
        )


class Pages(GeoJsonPagination):
    page_size = 100
    max_page_size = 1000


class Distortions(ListAPIView):
    serializer_class = DistortionSerializer
    pagination_class = Pages
    filter_backends = [InBBoxFilter]
    bbox_filter_field = "public_geometry"
    bbox_filter_include_overlapping = True

    def get_queryset(self):
        return published()


class Progress(APIView):
    def get(self, request):
        counted = Distortion.objects.values("district__code", "element__code", "status")
        return Response(list(counted.annotate(count=Count("pk"))))


class DistortionLayer(VectorLayer):
    id = "distortions"
    geom_field = "public_geometry"
    tile_fields = ("id", "status", "element_id")

    def get_queryset(self):
        return published().order_by()


class Tiles(MVTView):
    layer_classes = [DistortionLayer]
