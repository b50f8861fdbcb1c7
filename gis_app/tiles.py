"""Layers as vector tiles and as clusters: what is counted comes from the kept cells where it can.

The cells answer by element and by status. Any other question is counted from the layer's own
rows, up to MOST_ROWS of them, and the answer says when there are more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Polygon
from django.db.models import Case, F, Func, IntegerField, Value, When
from django.db.models.functions import Cast, ExtractDay, Now
from django.utils.translation import gettext_lazy as _

from gis_app.catalogue.models import Element
from gis_app.cells import reading
from gis_app.cells.area import DEEPEST_TILE, WHOLE_WORLD, Area
from gis_app.distortions.queries import sees_everything, statuses_seen_by
from gis_app.distortions.status import OPEN, PUBLIC, Status
from gis_app.geo import mvt
from gis_app.language import named
from gis_app.layers import LAYERS
from gis_app.places.models import Amana, District

MOST_FEATURES = 2_000  # in a tile: more can neither be told apart nor be sent in time
MOST_ROWS = 10_000  # counted for a question that the kept cells cannot answer
DEEPEST = 19  # zoom
EXACT_FROM = 18  # zoom from which on staff see clusters by the exact place
MOST_CELLS = 64  # along a side of a box, more than any screen has: else an answer has no bound
OF_THE_CELLS = {"element", "status"}
GROUPS = {
    "reported": (Status.REPORTED,),
    "open": OPEN,
    "treated": (Status.TREATED,),
    "verified": (Status.VERIFIED,),
    "rejected": (Status.REJECTED,),
    "referred": (Status.REFERRED,),
    "merged": (Status.MERGED,),
}
COUNTS = {
    "reported": _("Awaiting triage"),
    "open": _("Open"),
    "treated": _("Treated, awaiting verification"),
    "verified": _("Treated and verified"),
    "rejected": _("Not accepted"),
    "referred": _("Referred to another body"),
    "merged": _("Merged"),
}
WHERE = LAYERS["distortions"].properties
STOOD_UNTIL = Case(
    When(
        **{f"{WHERE['status']}__in": (Status.TREATED, Status.VERIFIED)}, then=F(WHERE["treated_at"])
    ),
    default=Now(),
)


class StatusCode(Func):
    """The status as a number: its place in the order of Status, from 1 on."""

    function = "array_position"
    output_field = IntegerField()

    def __init__(self, status: str):
        super().__init__(Value(Status.values), status)


@dataclass(frozen=True)
class Property:
    """What a feature tells: where the rows have it, its type in TileJSON, and in words."""

    value: Any
    words: Any
    kind: str = "String"


NAMED = {
    "code": Property(F("code"), _("Code")),
    "name_ar": Property(F("name_ar"), _("Arabic name")),
    "name_en": Property(F("name_en"), _("English name")),
}
KIND = {"kind": Property(F("kind"), _("Kind"))}
FEATURES: Mapping[str, Mapping[str, Property]] = {
    "distortions": {
        "element": Property(F("shown_element"), _("Kind of distortion, see elements"), "Number"),
        "status": Property(StatusCode(WHERE["status"]), _("Status, see statuses"), "Number"),
        "days": Property(
            Cast(ExtractDay(STOOD_UNTIL - F("first_reported_at")), IntegerField()),
            _("Days from the first report to the treatment, or until now"),
            "Number",
        ),
        "late": Property(F("late"), _("Late"), "Boolean"),
    },
    "districts": NAMED,
    "parks": NAMED | KIND,
    "kiosks": NAMED | KIND | {"status": Property(F("status"), _("Status"))},
    "streets": {name: NAMED[name] for name in ("name_ar", "name_en")} | KIND,
}


def tile(name: str, address: mvt.Address, *, user, params: Mapping[str, str]) -> mvt.Encoded:
    """Return a tile of a layer as *user* may see it, never more than mvt.MOST_BYTES.

    Distortions are counted by cells up to zoom DEEPEST_TILE, and deeper where there are more than
    MOST_FEATURES. Where something is not shown as it was asked for, a layer `about` says so.
    """
    if name != "distortions":
        return _told(_features(name, address, user, params))
    counts = _counts(Area.of_tile(address), user=user, params=params)
    is_deep = address.z > DEEPEST_TILE
    if is_deep and not (counts.is_whole and reading.total(counts)[0] > MOST_FEATURES):
        encoded = _features(name, address, user, params)
        if not encoded.is_capped:
            return encoded
    encoded = reading.tile(counts, address, name="cells", groups=groups_for(user))
    return _told(encoded, is_deep=is_deep)


def _told(encoded: mvt.Encoded, *, is_deep: bool = False) -> mvt.Encoded:
    """Add to a tile that is capped, or that shows no single distortions, that it is so."""
    if not (encoded.is_capped or is_deep):
        return encoded
    about = mvt.about(count=encoded.shown, is_whole=not encoded.is_capped)
    return mvt.Encoded(encoded.body + about, encoded.shown, is_capped=True)


def clusters(
    box: Polygon, *, zoom: int, user, params: Mapping[str, str]
) -> tuple[list[dict[str, Any]], bool]:
    """Return the distortions of the cells that *box* touches, gathered by them, the fullest first,
    and whether there are more than counted. What stands alone brings its properties.
    """
    area = Area.of_box(box, level=zoom + 1, most=MOST_CELLS)
    # The kept cells have the public place, which for a private one may be hundreds of metres off.
    is_exact = zoom >= EXACT_FROM and sees_everything(user)
    found, is_capped = reading.clusters(_counts(area, user=user, params=params, is_exact=is_exact))
    layer = LAYERS["distortions"]
    alone = [cluster["pk"] for cluster in found if cluster["count"] == 1]
    names = {f"p_{name}": F(path) for name, path in layer.properties.items()}
    told = {
        pk: dict(zip(layer.properties, values, strict=True))
        for pk, *values in layer.rows(user, params)
        .filter(pk__in=alone)
        .order_by()
        .annotate(**names)
        .values_list("pk", *names)
    }
    return [cluster | told.get(cluster.pop("pk"), {}) for cluster in found], is_capped


@dataclass(frozen=True)
class Total:
    """How many there are; more than that, where only a part was counted."""

    count: int
    is_part: bool


def total(*, user, params: Mapping[str, str]) -> Total:
    """Return how many distortions *user* may see."""
    return Total(*reading.total(_counts(WHOLE_WORLD, user=user, params=params)))


def groups_for(user) -> dict[str, tuple[str, ...]]:
    """Return the counts of a cell that *user* is told: each the sum of some statuses."""
    return {
        name: statuses
        for name, statuses in GROUPS.items()
        if sees_everything(user) or set(statuses) <= set(PUBLIC)
    }


def _counts(area: Area, *, user, params: Mapping[str, str], is_exact=False) -> reading.Counts:
    """Return what to count: kept cells where they know the answer, else the layer's rows."""
    layer, seen = LAYERS["distortions"], statuses_seen_by(user)
    if seen is None or is_exact or params.keys() - OF_THE_CELLS:
        rows, status = layer.rows(user, params), layer.properties["status"]
        return reading.counted(rows, area, status=status, most=MOST_ROWS)
    codes, statuses = _asked("element", params), _asked("status", params) or set(seen)
    elements = Element.objects.filter(code__in=codes).values_list("pk", flat=True) if codes else ()
    if len(elements) < len(codes) or not statuses <= set(Status.values):
        layer.rows(user, params)  # refuses what is not known
    return reading.kept(area, elements=elements, statuses=statuses & set(seen))


def _asked(name: str, params: Mapping[str, str]) -> set[str]:
    return {code for code in params.get(name, "").split(",") if code}


def _features(name: str, address: mvt.Address, user, params: Mapping[str, str]) -> mvt.Encoded:
    layer = LAYERS[name]
    return mvt.features(
        layer.rows(user, params),
        address,
        name=name,
        geometry=layer.geometry,
        properties={name: told.value for name, told in FEATURES[name].items()},
        most=MOST_FEATURES,
    )


def describe(name: str, *, user, params: Mapping[str, str]) -> dict[str, Any]:
    """Return what TileJSON 3.0.0 tells of a layer, but for the address of its tiles."""
    LAYERS[name].rows(user, params)  # refuses what it cannot read
    return {
        "tilejson": "3.0.0",
        "name": name,
        "scheme": "xyz",
        "minzoom": 0,
        "maxzoom": DEEPEST,
        "bounds": list(District.objects.box().extent),
        "attribution": ", ".join(map(str, Amana.objects.defer("outline"))),
        "vector_layers": _vector_layers(name, user),
    } | (_codes() if name == "distortions" else {})


def _vector_layers(name: str, user) -> list[dict[str, Any]]:
    fields = {name: f"{told.kind}: {told.words}" for name, told in FEATURES[name].items()}
    about = {
        "capped": "Boolean: " + _("Too many are here to show each"),
        "count": "Number: " + _("How many the tile tells of"),
        "whole": "Boolean: " + _("Whether these are all"),
    }
    if name != "distortions":
        return [_vector_layer(name, fields), _vector_layer("about", about)]
    counts = {group: f"Number: {COUNTS[group]}" for group in groups_for(user)}
    return [
        _vector_layer("cells", counts),
        _vector_layer(name, fields, minzoom=DEEPEST_TILE + 1),
        _vector_layer("about", about),
    ]


def _vector_layer(name: str, fields: dict[str, str], *, minzoom: int = 0) -> dict[str, Any]:
    return {"id": name, "minzoom": minzoom, "maxzoom": DEEPEST, "fields": fields}


def _codes() -> dict[str, dict[int, dict[str, str]]]:
    """Return what the numbers in the tiles stand for."""
    elements = Element.objects.annotate(local_name=named()).order_by("pk")
    return {
        "elements": {
            element.pk: {"code": element.code, "name": element.local_name} for element in elements
        },
        "statuses": {
            number: {"code": status, "name": str(Status(status).label)}
            for number, status in enumerate(Status.values, start=1)
        },
    }
