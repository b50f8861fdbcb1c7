"""folium links ten addresses on CDNs: here each gives way to the locked package, inside the page."""

import base64
import mimetypes
import re
from pathlib import Path

from branca.element import CssLink, Figure, JavascriptLink
from django.conf import settings

PACKAGES = settings.BASE_DIR / "node_modules"
# folium's name for an asset → our copy of it; None: nothing on these maps uses it.
LOCAL: dict[str, str | None] = {
    "leaflet": "leaflet/dist/leaflet.js",
    "leaflet_css": "leaflet/dist/leaflet.css",
    "markerclusterjs": "leaflet.markercluster/dist/leaflet.markercluster.js",
    "markerclustercss": "leaflet.markercluster/dist/MarkerCluster.css",
    "markerclusterdefaultcss": None,
    "jquery": None,
    "bootstrap": None,
    "bootstrap_css": None,
    "glyphicons_css": None,
    "awesome_markers": None,
    "awesome_markers_css": None,
    "awesome_markers_font_css": None,
    "awesome_rotate_css": None,
}
FONTS = "@fontsource/ibm-plex-sans-arabic/files/ibm-plex-sans-arabic-{}-{}-normal.woff2"
RANGES = {"arabic": "U+0600-06FF,U+200C-200F", "latin": "U+0000-00FF,U+2000-206F"}


def rendered_alone(figure: Figure) -> str:
    """Return the page of *figure* with every asset inside it; LookupError for one not known here."""
    html = figure.render()
    for name, element in figure.header._children.items():
        if isinstance(element, JavascriptLink):
            tag = f'<script src="{element.url}"></script>'
        elif isinstance(element, CssLink):
            tag = f'<link rel="stylesheet" href="{element.url}"/>'
        else:
            continue
        if name not in LOCAL or tag not in html:
            raise LookupError(f"folium's asset {name!r} at {element.url} has no local copy")
        html = html.replace(tag, _inside(LOCAL[name]), 1)
    return html


def fonts() -> str:
    """Return the type of our pages as CSS with the files inside."""
    faces = []
    for weight in (400, 700):
        for script, letters in RANGES.items():
            data = _data(PACKAGES / FONTS.format(script, weight))
            faces.append(
                f'@font-face{{font-family:"IBM Plex Sans Arabic";font-weight:{weight};'
                f'src:url({data}) format("woff2");unicode-range:{letters}}}'
            )
    return "".join(faces)


def _inside(file: str | None) -> str:
    if file is None:
        return ""
    text = (PACKAGES / file).read_text(encoding="utf-8")
    if file.endswith(".css"):
        return f"<style>{_with_pictures(text, (PACKAGES / file).parent)}</style>"
    without_map = re.sub(r"//# sourceMappingURL=\S+", "", text)
    closed = without_map.replace("</script", "<\\/script")
    return f"<script>{closed}</script>"


def _with_pictures(css: str, folder: Path) -> str:
    """Return *css* with the pictures that it names inside it."""

    def picture(match: re.Match) -> str:
        name = match[1].strip("'\"")
        return match[0] if name.startswith(("data:", "#")) else f"url({_data(folder / name)})"

    return re.sub(r"url\(([^)]+)\)", picture, css)


def _data(file: Path) -> str:
    kind = mimetypes.guess_type(file.name)[0] or "font/woff2"
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
