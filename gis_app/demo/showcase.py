"""Twenty distortions with drawn pictures before and after, each led through its whole life."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import numpy as np
import shapely
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone
from numpy.random import Generator
from tqdm import tqdm

from gis_app.accounts.models import User
from gis_app.demo import words
from gis_app.demo.people import CREW_TEAM
from gis_app.demo.pictures import SCENES, cut_smaller, draw
from gis_app.demo.world import World, read_world
from gis_app.distortions.actions import submit
from gis_app.distortions.judging import clear_photo, clear_text
from gis_app.distortions.models import Distortion, Photo
from gis_app.distortions.photo_actions import Taken, add_photo
from gis_app.geo import crs
from gis_app.treatment.actions import make_move

SHOWN = 20
ONLY_TREATED = 5  # the newest of them still wait for verification
SPACING = timedelta(days=2)
NEWEST = timedelta(days=4)  # before the end: time enough for the whole calendar
# Days and hours after midnight of the day of the report, and who makes the move.
CALENDAR = {
    "accept": (0, 11.5, "triage"),
    "assign": (0, 13, "triage"),
    "start": (1, 8, "crew"),
    "treat": (1, 12.5, "crew"),
    "verify": (2, 10, "verifier"),
}
QUANTITY = {
    "pothole": 2.4,
    "damaged_sidewalk": 14,
    "construction_waste": 7.5,
    "graffiti": 6,
    "neglected_park": 320,
}  # all others are one
TWO_STREETS = 0.0015  # degrees of latitude
CLIENT = "demo"  # the throttle's key


@dataclass
class Case:
    """One of the twenty: its picture's number, its place, and midnight of the day it is seen."""

    number: int
    element: str
    place: GEOSGeometry
    day: datetime

    def picture(self, *, treated: bool) -> tuple[bytes, str]:
        """Return a JPEG and its SHA-256."""
        data = draw(self.element, seed=self.number, treated=treated)
        return data, sha256(data).hexdigest()


@transaction.atomic
def make_showcase(*, seed: int, until: date) -> None:
    """Make SHOWN distortions in the weeks before *until*, through the app's own actions."""
    rng = np.random.default_rng(seed)
    world = read_world(day=until, rng=rng)
    staff = {user.role: user for user in User.objects.filter(is_demo=True)}
    newest = timezone.make_aware(datetime.combine(until, time.min)) - NEWEST
    for number in tqdm(range(SHOWN), desc="pictures", unit="", disable=None, leave=False):
        element = list(SCENES)[number % len(SCENES)]
        day = newest - SPACING * (SHOWN - 1 - number)
        case = Case(number, element, _place(world, element, rng), day)
        moves = list(CALENDAR)
        if number >= SHOWN - ONLY_TREATED:
            moves.remove("verify")
        if world.levels.notice[world.codes.index(element)]:
            moves.remove("start")  # its owner did it, in his own time
        _lead(_report(case, staff), case, staff, moves)


def _place(world: World, element: str, rng: Generator) -> GEOSGeometry:
    district = rng.choice(len(world.districts), 1, p=world.shares)
    place, heading = world.ground.spots(district, rng)
    if "point" in world.elements[world.codes.index(element)].geometries:
        shape = world.ground.points(place)
    else:
        shape = world.ground.lines(place, heading, np.array([QUANTITY[element]]))
    return crs.stored(shapely.to_wkb(shape[0]))


def _report(case: Case, staff: dict[str, User]) -> str:
    """Let a resident report *case* with a photo, and the desk clear both; return the number."""
    resident, desk = AnonymousUser(), staff["triage"]
    report, _new = submit(
        id=uuid4(),
        by=resident,
        element=case.element,
        geometry=case.place,
        observed_at=case.day + timedelta(hours=9, minutes=3 * case.number),
        description=words.DESCRIPTIONS[case.element][0],
        place_note=words.PLACE_NOTES[case.number % len(words.PLACE_NOTES)],
        accuracy_m=8,
        client=CLIENT,
    )
    data, checksum = case.picture(treated=False)
    photo, _new = add_photo(data=data, sha256=checksum, by=resident, report=report, client=CLIENT)
    clear_photo(token=photo.token, by=desk)
    clear_text(report_id=report.pk, by=desk)
    return report.distortion.number


def _taken(case: Case, at: datetime) -> Taken:
    """Return the crew's place and time; of the newest two streets away, for the verifier to see."""
    place = case.place.point_on_surface
    if case.number == SHOWN - 1:
        place = crs.point(lon=place.x, lat=place.y + TWO_STREETS)
    return Taken(place, accuracy_m=6, taken_at=at - timedelta(minutes=10))


def _picture_after(case: Case) -> tuple[bytes, str]:
    """Return the photo of the treatment; that of the last case was used before, and cut smaller."""
    if case.number < SHOWN - 1:
        return case.picture(treated=True)
    used, _checksum = replace(case, number=case.number - len(SCENES)).picture(treated=True)
    data = cut_smaller(used)
    return data, sha256(data).hexdigest()


def _lead(number: str, case: Case, staff: dict[str, User], moves: list[str]) -> None:
    """Make *moves* on the distortion *number*, with a photo after the treatment."""
    crew = staff["crew"]
    quantity = QUANTITY.get(case.element, 1)
    price = words.RIYALS_A_UNIT.get(case.element, words.ANY_RIYALS_A_UNIT)
    data, checksum = _picture_after(case)
    brings: dict[str, dict[str, Any]] = {
        "assign": {"team": CREW_TEAM},
        "treat": {"photos": [checksum], "quantity": quantity, "cost": quantity * price},
    }
    for move in moves:
        days, hours, role = CALENDAR[move]
        at = case.day + timedelta(days=days, hours=hours)
        if move == "treat":
            distortion = Distortion.objects.get(number=number)
            add_photo(
                data=data,
                sha256=checksum,
                by=crew,
                distortion=distortion,
                kind=Photo.Kind.AFTER,
                taken=_taken(case, at),
            )
        make_move(
            move,
            number=number,
            id=uuid4(),
            by=staff[role],
            at=at,
            **brings.get(move, {}),
        )
