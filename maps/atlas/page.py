"""The planner's map as one file: districts by their verified rate, distortions, parks, kiosks.

It starts from the same layers and figures as every other page; what *user* may not see there is
not in the file either.
"""

from collections.abc import Callable

import folium
import geopandas
import pandas
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from folium.plugins import FastMarkerCluster

from gis_app.distortions.status import COUNTED, Status, words_for
from gis_app.language import active
from gis_app.layers import LAYERS
from gis_app.progress.figures import DistrictFigures, Progress, progress
from maps.atlas.assets import fonts, rendered_alone
from maps.templatetags.rasd import rate_class

MOST_POINTS = 20_000  # more of them make a file that a planner's laptop opens slowly
DEEPEST_ZOOM = 18
SHADES = {
    "c1": "#F1DFB8",
    "c2": "#D5D39B",
    "c3": "#A3C492",
    "c4": "#5B9F7D",
    "c5": "#1E6A50",
    "c0": "#E4DFD4",
    "cx": "#FBFAF7",
}  # the classes of tokens.css; the file carries no style sheet of ours
OPEN_COLOUR, TREATED_COLOUR, VERIFIED_COLOUR = "#8A6420", "#5B9F7D", "#1E6A50"
# Rows are [lat, lon, colour, title, words, number]; everything but numbers was escaped before.
POINT = """function (row) {
    var text = '<b dir="auto">' + row[3] + '</b><br>' + row[4] + '<br><bdi dir="ltr">' + row[5] + '</bdi>';
    return L.circleMarker([row[0], row[1]], {radius: 6, weight: 2, color: '#fff', fillColor: row[2],
        fillOpacity: 1}).bindPopup(text);
}"""
CLUSTER = """function (cluster) {
    return L.divIcon({className: 'cluster', iconSize: [42, 42],
        html: '<b>' + cluster.getChildCount().toLocaleString('en') + '</b>'});
}"""


def render(user, *, tell: Callable[[str], None] = lambda text: None) -> str:
    """Return the map as an HTML page that asks the network for nothing.

    *tell* is called with a line for each part that is done.
    """
    found = progress({})
    districts = _districts(user, found)
    points = LAYERS["distortions"].frame(user, {"status": ",".join(COUNTED)}, most=MOST_POINTS)
    city = folium.Map(tiles=None)
    city.options |= {"maxZoom": DEEPEST_ZOOM, "zoomSnap": 0.25}  # folium knows neither here
    _add_districts(city, districts)
    _add_rates(city, districts)
    tell(_("%(n)d districts") % {"n": len(districts)})
    _add_distortions(city, points)
    tell(_("%(n)d distortions") % {"n": len(points)})
    _add_parks(city, LAYERS["parks"].frame(user, {}))
    _add_kiosks(city, LAYERS["kiosks"].frame(user, {}))
    folium.LayerControl(collapsed=folium.JsCode("innerWidth < 960")).add_to(city)
    if len(districts):
        west, south, east, north = districts.total_bounds
        city.fit_bounds([[south, west], [north, east]])
    return _framed(rendered_alone(city.get_root()), found, shown=len(points))


def _districts(user, found: Progress) -> geopandas.GeoDataFrame:
    """Return the districts with their figures, by code."""
    figures = pandas.DataFrame(
        [
            {
                "code": district.code,
                "shade": SHADES[rate_class(district)],
                "rate": _rate(district),
                "popup": _inert(
                    render_to_string("maps/atlas_district.html", {"district": district})
                ),
            }
            for district in found.districts
        ],
        columns=["code", "shade", "rate", "popup"],
    )
    return LAYERS["districts"].frame(user, {})[["code", "name", "geometry"]].merge(figures)


def _rate(district: DistrictFigures) -> str:
    """Return the verified rate in hundredths; nothing where there are too few for one."""
    if district.total < settings.RASD_FEW:
        return ""
    return str(round(100 * (district.verified_rate or 0)))


def _add_districts(city: folium.Map, districts: geopandas.GeoDataFrame) -> None:
    folium.GeoJson(
        districts[["geometry", "shade", "popup"]],
        name=_("Districts by verified rate"),
        style_function=lambda feature: {
            "fillColor": feature["properties"]["shade"],
            "fillOpacity": 1,
            "color": "#FFFFFF",
            "weight": 1.5,
        },
        highlight_function=lambda feature: {"color": "#1D2329", "weight": 2.5},
        popup=folium.GeoJsonPopup(fields=["popup"], labels=False, localize=False),
    ).add_to(city)


def _add_rates(city: folium.Map, districts: geopandas.GeoDataFrame) -> None:
    """Write each district's verified rate and name on it."""
    rates = folium.FeatureGroup(name=_("Rates and names")).add_to(city)
    for place, row in zip(
        districts.geometry.representative_point(), districts.itertuples(), strict=True
    ):
        text = f"<b>{row.rate}</b><span>{_text(row.name)}</span>"
        label = folium.DivIcon(html=text, class_name="rate", icon_size=(120, 40))
        folium.Marker((place.y, place.x), icon=label, interactive=False).add_to(rates)


def _add_distortions(city: folium.Map, points: geopandas.GeoDataFrame) -> None:
    places = points.geometry.representative_point()
    rows = [
        [
            round(place.y, 6),
            round(place.x, 6),
            _colour(row.status),
            _text(row.element_name),
            _text(words_for(row.status, staff=False)),
            _text(row.number),
        ]
        for place, row in zip(places, points.itertuples(), strict=True)
    ]
    # In a group of its own: they would hide the districts, and the plugin cannot begin hidden.
    group = folium.FeatureGroup(name=_("Distortions"), show=False).add_to(city)
    FastMarkerCluster(
        rows,
        callback=POINT,
        icon_create_function=CLUSTER,
        control=False,
        max_cluster_radius=60,
    ).add_to(group)


def _colour(status: str) -> str:
    return {"treated": TREATED_COLOUR, "verified": VERIFIED_COLOUR}.get(status, OPEN_COLOUR)


def _add_parks(city: folium.Map, parks: geopandas.GeoDataFrame) -> None:
    if parks.empty:
        return
    parks = parks[["name", "geometry"]].assign(name=parks["name"].map(_text))
    folium.GeoJson(
        parks,
        name=_("Parks"),
        style_function=lambda feature: {
            "fillColor": "#E7F2EC",
            "fillOpacity": 0.9,
            "color": "#1E6A50",
            "weight": 1,
        },
        popup=folium.GeoJsonPopup(fields=["name"], labels=False, localize=False),
    ).add_to(city)


def _add_kiosks(city: folium.Map, kiosks: geopandas.GeoDataFrame) -> None:
    if kiosks.empty:
        return
    kiosks = kiosks[["name", "geometry"]].assign(name=kiosks["name"].map(_text))
    folium.GeoJson(
        kiosks,
        name=_("Kiosk sites"),
        show=False,
        marker=folium.CircleMarker(
            radius=7, weight=2, color="#FFFFFF", fill_color="#1F5FA8", fill_opacity=1
        ),
        popup=folium.GeoJsonPopup(fields=["name"], labels=False, localize=False),
    ).add_to(city)


def _text(text: str) -> str:
    """Return *text* as HTML that stays text: folium writes popups without escaping."""
    return _inert(escape(text))


def _inert(html: str) -> str:
    """Return *html* without braces: folium reads what it has written as a Jinja template again."""
    return html.replace("{", "&#123;")


def _framed(html: str, found: Progress, *, shown: int) -> str:
    """Put the title, the legend and the language around folium's page."""
    panel = render_to_string(
        "maps/atlas.html",
        {
            "totals": found.totals,
            "today": timezone.localdate(),
            "classes": [(SHADES[f"c{n}"], (n - 1) * 20, n * 20) for n in range(1, 6)],
            "few_shade": SHADES["c0"],
            "few": settings.RASD_FEW,
            "points": [
                (OPEN_COLOUR, _("Open")),
                (TREATED_COLOUR, words_for(Status.TREATED, staff=False)),
                (VERIFIED_COLOUR, words_for(Status.VERIFIED, staff=False)),
            ],
            "shown": shown,
            "left_out": max(0, found.totals.total - shown),
            "is_demo": settings.RASD_EMBEDDED,
        },
    )
    direction = "rtl" if active() == "ar" else "ltr"
    style = render_to_string("maps/atlas.css")
    head = f"<title>{escape(_('Progress of treatment'))}</title><style>{fonts()}{style}</style>"
    return (
        html.replace("<html>", f'<html lang="{active()}" dir="{direction}">', 1)
        .replace("</head>", f"{head}</head>", 1)
        .replace("<body>", f"<body>{panel}", 1)
    )
