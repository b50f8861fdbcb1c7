"""Distortions as they are when somebody reports them: where, what, how much, by which way."""

import numpy as np
from numpy.random import Generator

from gis_app.catalogue.models import Element
from gis_app.demo import seasons
from gis_app.demo.clock import HOUR
from gis_app.demo.lives import STALLS, Cases
from gis_app.demo.world import USUALLY, World
from gis_app.distortions.models import Source

SOURCES = {
    Source.RESIDENT: 0.38,
    Source.BALADY: 0.22,
    Source.CALL_940: 0.18,
    Source.FIELD: 0.15,
    Source.WHATSAPP: 0.05,
    Source.BODY: 0.02,
}
# The middle quantity and the spread of its logarithm, by unit; some elements are larger.
SIZES = {"m2": (4, 0.8), "m": (12, 0.6), "m3": (6, 0.8)}
LARGE = {"neglected_park": 60}
MOST = {"m2": 2000, "m": 60, "m3": 300}
ONE_OF_THEM = 0.86  # of what is counted, most are single
MEASURED = {Source.FIELD: 0.9}  # how often a report tells the quantity
SELDOM_MEASURED = 0.25
DRAWN = (0.6, 0.12)  # how often more than a point is drawn: in the field, by others


def new_cases(world: World, first_at: np.ndarray, rng: Generator) -> Cases:
    """Return distortions first reported at these times, all different ones."""
    count = len(first_at)
    district = rng.choice(len(world.districts), count, p=world.shares)
    element = seasons.elements(world.codes, first_at, rng)
    place, heading = world.ground.spots(district, rng)
    source = rng.choice(list(SOURCES), count, p=list(SOURCES.values())).astype(object)
    quantity = _quantities(world.elements, element, rng)
    drawn = rng.random(count) < np.where(source == Source.FIELD, *DRAWN)
    measured = rng.random(count) < np.array([MEASURED.get(s, SELDOM_MEASURED) for s in source])
    team = world.usual_team[district, element]
    other = np.array([rng.choice(world.teams[number]) for number in district])
    cases = Cases(
        first_at=first_at,
        district=district,
        element=element,
        place=place,
        heading=heading,
        shape=world.ground.points(place),
        source=source,
        quantity=quantity,
        reported_quantity=np.where(measured, _guessed(quantity, rng), np.nan),
        clock=world.levels.clock[element],
        working=world.levels.working[element],
        promise=world.levels.promise[element],
        notice=world.levels.notice[element],
        reopen=world.levels.reopen[element],
        stall=_stalls(world.diligence[district], rng),
        team=np.where(rng.random(count) < USUALLY, team, other),
        other_team=other,
        survivor=np.full(count, -1),
    )
    _draw(world, cases, drawn, rng)
    return cases


def duplicates(world: World, cases: Cases, end: np.ndarray, *, count: int, rng: Generator) -> Cases:
    """Return *count* further cases, each one of *cases* seen again before its *end*."""
    possible = np.flatnonzero(end - cases.first_at > 4 * HOUR)
    chosen = rng.choice(possible, count)
    seen = cases.of(chosen)
    seen.survivor = chosen
    room = end[chosen] - seen.first_at - 3 * HOUR
    seen.first_at = np.floor(seen.first_at + rng.random(len(chosen)) * room)
    seen.shape = world.ground.shifted(seen.shape, 9, rng)
    seen.source = rng.choice(list(SOURCES), len(chosen)).astype(object)
    return seen


def _stalls(diligence: np.ndarray, rng: Generator) -> np.ndarray:
    move = rng.choice(list(STALLS), len(diligence), p=list(STALLS.values())).astype(object)
    return np.where(rng.random(len(diligence)) > diligence, move, "")


def _quantities(elements: list[Element], element: np.ndarray, rng: Generator) -> np.ndarray:
    many = np.where(rng.random(len(element)) < ONE_OF_THEM, 1, rng.integers(2, 6, len(element)))
    quantity = many.astype(float)
    for number, one in enumerate(elements):
        if one.unit in SIZES:
            here = element == number
            middle, spread = SIZES[one.unit]
            drawn = LARGE.get(one.code, 1) * middle * rng.lognormal(0, spread, here.sum())
            quantity[here] = np.clip(drawn, 0.5, MOST[one.unit]).round(1)
    return quantity


def _guessed(quantity: np.ndarray, rng: Generator) -> np.ndarray:
    """Return what a first glance says: whole numbers are counted right, sizes are estimated."""
    rough = (quantity * rng.uniform(0.7, 1.3, len(quantity))).round(1)
    return np.where(quantity == quantity.round(), quantity, np.maximum(rough, 0.1))


def _draw(world: World, cases: Cases, drawn: np.ndarray, rng: Generator) -> None:
    """Make lines and areas of those that are *drawn*, and of those that cannot be points."""
    for number, one in enumerate(world.elements):
        here = (cases.element == number) & (drawn | ("point" not in one.geometries))
        some = cases.of(here)
        if "polygon" in one.geometries:
            area = some.quantity if one.unit == "m2" else 15 + 4 * some.quantity
            cases.shape[here] = world.ground.areas(some.place, some.heading, area, rng)
        elif "line" in one.geometries:
            metres = some.quantity if one.unit == "m" else 4 + 3 * some.quantity
            cases.shape[here] = world.ground.lines(some.place, some.heading, metres)
