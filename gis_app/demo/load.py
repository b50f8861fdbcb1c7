"""The demo: the project's own city with its teams, accounts, distortions and pictures."""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from gis_app.catalogue.models import Element
from gis_app.demo.city import make_city
from gis_app.demo.people import CREW_TEAM, make_demo_users, refuse_unless_demo_allowed
from gis_app.demo.showcase import SHOWN, make_showcase
from gis_app.demo.teamwork import make_teamwork
from gis_app.places.models import Amana, District
from gis_app.treatment.models import Body, Team

FIXTURES = settings.BASE_DIR / "fixtures"
SINCE = "2018-01-01"  # from when the demo's boundaries are in force
YEARS = 1.5


def is_empty() -> bool:
    """Whether no city was loaded yet."""
    return not District.objects.exists()


@transaction.atomic
def load_demo(*, distortions: int, seed: int, until: date) -> None:
    """Fill an empty embedded database; all of it or nothing."""
    refuse_unless_demo_allowed()
    call_command("load_catalogue")
    _load_ground()
    _load_teams()
    make_demo_users(crew_of=Team.objects.get(code=CREW_TEAM))
    make_city(distortions=distortions - SHOWN, years=YEARS, seed=seed, until=until)
    make_showcase(seed=seed, until=until)
    make_teamwork(_told()["routing"])


def _load_ground() -> None:
    call_command("load_amana", FIXTURES / "amana.json")
    names = {"name_en_field": "name_en", "kind_field": "kind"}
    call_command(
        "import_places",
        FIXTURES / "districts.geojson",
        amana="taif",
        population_field="population",
        sub_municipality_field="sub_municipality",
        valid_from=date.fromisoformat(SINCE),
        approximate=True,
        **names,
    )
    call_command(
        "import_streets", FIXTURES / "streets.geojson", amana="taif", name_en_field="name_en"
    )
    call_command(
        "import_parks",
        FIXTURES / "parks.geojson",
        amenities_field="amenities",
        approximate=True,
        **names,
    )
    call_command(
        "import_kiosks",
        FIXTURES / "kiosks.geojson",
        status_field="status",
        holder_field="holder",
        approximate=True,
        **names,
    )


def _load_teams() -> None:
    told = _told()
    amana = Amana.objects.get(code=told["amana"]["code"])
    for facts in told["teams"]:
        elements, parts = facts.pop("elements", ()), facts.pop("sub_municipalities", ())
        team = Team.objects.create(amana=amana, **facts)
        team.elements.set(Element.objects.filter(code__in=elements))
        team.districts.set(
            District.objects.filter(jurisdictions__sub_municipality__code__in=parts).distinct()
        )
    for facts in told["bodies"]:
        Body.objects.create(**facts)


def _told() -> dict[str, Any]:
    return json.loads((FIXTURES / "amana.json").read_text(encoding="utf-8"))
