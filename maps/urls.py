"""The pages' addresses. Signing in has names without a namespace: Django's own parts use them."""

from django.contrib.auth import views as auth
from django.urls import include, path, register_converter
from django.views.i18n import set_language

from maps.converters import DistrictCode
from maps.views import (
    blurring,
    bulk,
    compare,
    desk,
    districts,
    events,
    follow_up,
    index,
    jobs,
    lasting,
    letters,
    links,
    lists,
    map,
    moves,
    period,
    photos,
    planner,
    report,
    session,
    tiles,
    track,
)
from maps.views.pages import about
from maps.views.support import support

register_converter(DistrictCode, "district")
pages = [
    path("", map.page, name="map"),
    path("map/clusters.json", map.clusters, name="clusters"),
    path("map/<slug:layer>.json", map.layer, name="layer"),
    path("tiles/<slug:layer>.json", tiles.about, name="tilejson"),
    path("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.mvt", tiles.tile, name="tile"),
    path("list/", lists.page, name="list"),
    path("list/events/", events.page, name="events"),
    path("d/<slug:number>/", lists.distortion, name="distortion"),
    path("d/<slug:number>/support/", support, name="support"),
    path("districts/", districts.page, name="districts"),
    path("districts/<district:code>/", districts.district, name="district"),
    path("report/", report.page, name="report"),
    path("track/<slug:token>/", track.page, name="track"),
    path("stop/<slug:token>/", letters.stop, name="stop"),
    path("photos/<slug:token>/<slug:size>.jpg", photos.photo, name="photo"),
    path("about/", about, name="about"),
    path("desk/", desk.queue, name="desk"),
    path("desk/clear/", desk.clear, name="clear"),
    path("desk/bulk/", bulk.page, name="bulk"),
    path("desk/jobs/", jobs.page, name="jobs"),
    path("desk/jobs/<slug:number>/", jobs.job, name="job"),
    path("desk/links/", links.page, name="links"),
    path("desk/links/<int:key>/revoke/", links.revoke, name="revoke_link"),
    path("crew/<str:signed>/", links.enter, name="crew_link"),
    path("desk/follow-up/", follow_up.page, name="follow_up"),
    path("desk/messages/", letters.page, name="letters"),
    path("desk/photos/<slug:token>/", blurring.page, name="blur"),
    path("desk/photos/<slug:token>/preview.jpg", blurring.preview, name="blur_preview"),
    path("desk/<slug:number>/", desk.case, name="case"),
    path("desk/<slug:number>/contact/", desk.contact, name="contact"),
    path("desk/<slug:number>/compare/<slug:other>/", compare.page, name="compare"),
    path("desk/<slug:number>/history/", desk.history, name="history"),
    path("desk/<slug:number>/moves/<slug:name>/", moves.move, name="move"),
    path("desk/<slug:number>/visits/<int:pk>/", follow_up.visit, name="visit"),
    path("desk/<slug:number>/checks/<int:pk>/", follow_up.second_check, name="second_check"),
    path("planner/", planner.page, name="planner"),
    path("planner/period/", period.page, name="period"),
    path("planner/lasting/", lasting.page, name="lasting"),
    path("planner/index/", index.page, name="index"),
    path("planner/map.html", planner.download, name="planner_map"),
]
urlpatterns = [
    path("", include((pages, "maps"))),
    path("accounts/login/", session.SignIn.as_view(), name="login"),
    path("accounts/logout/", auth.LogoutView.as_view(), name="logout"),
    path(
        "accounts/password/",
        session.PasswordChange.as_view(),
        name="password_change",
    ),
    path("i18n/setlang/", set_language, name="set_language"),
]
