"""The pages' addresses. Signing in has names without a namespace: Django's own parts use them."""

from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.i18n import set_language

from maps.views import desk, districts, lists, map, moves, photos, planner, report, session, track
from maps.views.pages import about

pages = [
    path("", map.page, name="map"),
    path("map/clusters.json", map.clusters, name="clusters"),
    path("map/<str:layer>.json", map.layer, name="layer"),
    path("list/", lists.page, name="list"),
    path("d/<str:number>/", lists.distortion, name="distortion"),
    path("districts/", districts.page, name="districts"),
    path("districts/<str:code>/", districts.district, name="district"),
    path("report/", report.page, name="report"),
    path("track/<str:token>/", track.page, name="track"),
    path("photos/<str:token>/<str:size>.jpg", photos.photo, name="photo"),
    path("about/", about, name="about"),
    path("desk/", desk.queue, name="desk"),
    path("desk/clear/", desk.clear, name="clear"),
    path("desk/<str:number>/", desk.case, name="case"),
    path("desk/<str:number>/moves/<str:name>/", moves.move, name="move"),
    path("planner/", planner.page, name="planner"),
    path("planner/map.html", planner.download, name="planner_map"),
]
urlpatterns = [
    path("", include((pages, "maps"))),
    path("accounts/login/", session.SignIn.as_view(), name="login"),
    path("accounts/logout/", auth.LogoutView.as_view(), name="logout"),
    path(
        "accounts/password/",
        auth.PasswordChangeView.as_view(success_url="/"),
        name="password_change",
    ),
    path("i18n/setlang/", set_language, name="set_language"),
]
