"""What a demo city is made from: the districts, elements, teams and demo users of a database."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from django.db.models import F
from numpy.random import Generator

from gis_app.accounts.models import User
from gis_app.catalogue.models import Element
from gis_app.demo import words
from gis_app.demo.clock import DAY, HOUR
from gis_app.demo.ground import Ground
from gis_app.errors import Refused
from gis_app.places.models import District, Street
from gis_app.treatment.lives import Clocks
from gis_app.treatment.models import Team

ZIPF = 0.5  # the exponent of the districts' shares: the largest of thirty has a tenth
USUALLY = 0.85  # how often an element goes to its own team


@dataclass
class Levels:
    """What the city promises, by element index; severity 1 to 4, the others in seconds."""

    severity: np.ndarray
    clock: np.ndarray  # index of the clock that it runs by
    working: np.ndarray  # working time from the end of the notice to the promised treatment
    promise: np.ndarray  # about as much, by every day's time
    notice: np.ndarray  # that the owner has first
    reopen: np.ndarray  # from the verification, in which it can be reopened
    clocks: Clocks


@dataclass
class World:
    """Columns by district index and by element index, and who works there."""

    ground: Ground
    districts: list[District]
    elements: list[Element]
    levels: Levels
    shares: np.ndarray  # of all distortions, by district
    diligence: np.ndarray  # by district: the share of distortions that nobody lets lie
    staff: dict[str, int]  # user ids by role
    usual_team: np.ndarray  # team ids by district and element
    teams: list[np.ndarray]  # team ids by district

    @property
    def codes(self) -> list[str]:
        return [element.code for element in self.elements]


def read_world(*, day: date, rng: Generator) -> World:
    """Return the city as it stands in the database; Refused when something is missing."""
    districts = list(
        District.objects.described()
        .select_related("amana")
        .order_by((F("population") / F("area_km2")).desc(nulls_last=True), "code")
    )
    elements = list(Element.objects.active_on(day))
    staff = dict(User.objects.filter(is_demo=True).values_list("role", "pk"))
    teams = [_teams(district) for district in districts]
    _refuse_unless(districts, "There are no districts: import them first.")
    _refuse_unless(elements, "There is no catalogue: run load_catalogue first.")
    _refuse_unless(staff, "There are no demonstration accounts: run load_demo first.")
    _refuse_unless(all(teams), "An amana has no teams.")
    shapes = shapely.from_wkb([bytes(district.boundary.wkb) for district in districts])
    lines = Street.objects.values_list("line", flat=True)
    ranks = np.arange(1, len(districts) + 1) ** -ZIPF
    return World(
        ground=Ground(shapes, shapely.from_wkb([bytes(line.wkb) for line in lines]), rng),
        districts=districts,
        elements=elements,
        levels=_levels(elements, day),
        shares=ranks / ranks.sum(),
        diligence=rng.permutation(np.linspace(0.002, 0.96, len(districts)) ** 0.5),
        staff=staff,
        usual_team=np.array([[_usual_team(own, element) for element in elements] for own in teams]),
        teams=[np.array(list(own.values())) for own in teams],
    )


def _levels(elements: list[Element], day: date) -> Levels:
    levels = [element.level_on(day) for element in elements]
    calendars = [level.element.calendar_for(level.severity) for level in levels]
    different = sorted(set(calendars), key=lambda calendar: calendar.pk)
    hours = np.array([level.hours_for(level.severity) for level in levels])
    return Levels(
        severity=np.array([level.severity for level in levels]),
        clock=np.array([different.index(calendar) for calendar in calendars]),
        working=hours * int(HOUR),
        promise=hours / np.array([calendar.day_hours for calendar in calendars]) * DAY,
        notice=np.array([level.notice_days for level in levels]) * DAY,
        reopen=np.array([level.reopen_days for level in levels]) * DAY,
        clocks=Clocks([calendar.clock for calendar in different]),
    )


def _teams(district: District) -> dict[str, int]:
    rows = Team.objects.filter(amana=district.amana_id, is_active=True).order_by("code")
    return dict(rows.values_list("code", "pk"))


def _usual_team(teams: dict[str, int], element: Element) -> int:
    """Return the team of the element's kind, or one by its position where there is none."""
    ids = list(teams.values())
    return teams.get(words.TEAM_OF.get(element.code, ""), ids[element.position % len(ids)])


def _refuse_unless(found: object, reason: str) -> None:
    if not found:
        raise Refused(reason)
