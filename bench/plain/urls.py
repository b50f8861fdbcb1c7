"""Its addresses."""

from django.urls import path

from bench.plain.views import Distortions, Progress, Tiles

urlpatterns = [
    path("distortions/", Distortions.as_view()),
    path("progress/", Progress.as_view()),
    path("tiles/<int:z>/<int:x>/<int:y>", Tiles.as_view()),
]
