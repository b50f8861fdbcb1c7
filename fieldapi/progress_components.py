"""The shapes of progress, as the OpenAPI document publishes them."""

from fieldapi.components import (
    ADDRESS,
    COUNT,
    DAY,
    MOMENT,
    NUMBER,
    SHARE,
    TEXT,
    YES_NO,
    Schema,
    collection,
    feature,
    many,
    maybe,
    members,
    one_of,
    ref,
)
from gis_app.catalogue.models import Element
from gis_app.distortions.events import EVENTS
from gis_app.progress.areas import BY


def _by_unit(*names: str, **more: Schema) -> Schema:
    of_unit = members(dict.fromkeys(names, NUMBER) | more)
    return members(dict.fromkeys(Element.Unit.values, of_unit))


INTERVAL = {
    "type": ["array", "null"],
    "items": {"type": "number"},
    "minItems": 2,
    "maxItems": 2,
    "description": "Wilson's interval of the rate, 95 %.",
}
PERIOD = {
    "events": members(dict.fromkeys(EVENTS, COUNT)),
    "on_time_rate": SHARE | {"description": "on_time / promised"},
    "on_time_interval": INTERVAL,
    "hours": members(
        {
            "median": maybe(NUMBER) | {"description": "From the first report to a treatment."},
            "p90": maybe(NUMBER),
            "from": one_of(["histogram"]),
            "within": NUMBER | {"description": "How far off they are at most, relatively."},
        }
    ),
    "quantities": _by_unit("treated", "verified"),
    "costs": _by_unit("cost", "quantity", cost_per_unit=maybe(NUMBER)),
}
COUNTED = {
    "total": COUNT | {"description": "open + treated + verified: the denominator."},
    **dict.fromkeys(
        ("open", "treated", "verified", "reported", "rejected", "referred", "merged", "late"), COUNT
    ),
    "too_few": YES_NO | {"description": "Too few for a rate: neither coloured nor ranked."},
    "treatment_rate": SHARE | {"description": "(treated + verified) / total"},
    "treatment_interval": INTERVAL,
    "verified_rate": SHARE | {"description": "verified / total"},
    "verified_interval": INTERVAL,
    "quantities": _by_unit("open", "treated", "verified"),
    "waiting_since": maybe(MOMENT) | {"description": "The oldest awaiting triage; today only."},
    "open_since": maybe(MOMENT) | {"description": "The oldest open one; today only."},
    "period": {"oneOf": [members(PERIOD), {"type": "null"}]}
    | {"description": "What happened since `from`; null without it."},
}
FIGURES = {
    "code": maybe(TEXT),
    "name": TEXT,
    "area_km2": NUMBER,
    "population": maybe(COUNT),
    **COUNTED,
    "list": ADDRESS | {"description": "The rows behind `total`."},
}
LISTS = {
    "type": "object",
    "description": "The address behind each number; {district}, {element} … stand for a code, {from} and {to} for days.",
    "additionalProperties": TEXT,
}
OF_DAYS = {"as_of": DAY, "from": maybe(DAY), "counted_from": one_of(["totals", "steps"])}

PROGRESS_COMPONENTS: dict[str, Schema] = {
    "Figures": members(FIGURES),
    "DistrictProgress": feature(ref("Figures"), "MultiPolygon"),
    "Progress": members(
        collection(
            "DistrictProgress", totals=ref("Figures"), lists=LISTS, district_lists=LISTS, **OF_DAYS
        )
    ),
    "ProgressTable": members(
        {
            "by": one_of(list(BY)),
            **OF_DAYS,
            "rows": many(members({"code": TEXT, "name": TEXT, **COUNTED, "list": FIGURES["list"]})),
            "lists": LISTS,
        }
    ),
    "Series": members(
        {
            "every": one_of(["day", "week", "month", "quarter"]),
            **OF_DAYS,
            "points": many(members({"from": DAY, "to": DAY, **COUNTED})),
            "lists": LISTS,
        }
    ),
}
