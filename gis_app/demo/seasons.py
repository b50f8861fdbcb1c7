"""When distortions are noticed, and which ones: growth, seasons, week, day and frequency."""

import numpy as np
from numpy.random import Generator

from gis_app.demo.clock import DAY, HOUR

GROWTH_A_YEAR = 0.35
# Monday to Sunday: the weekend is Friday and Saturday.
WEEK = np.array([1.15, 1.1, 1.05, 1.0, 0.55, 0.8, 1.3])
HOURS = np.array([1, 1, 0, 0, 0, 2, 6, 11, 14, 15, 13, 11, 8, 6, 6, 8, 11, 13, 14, 13, 11, 8, 5, 3])

# How frequent an element is, in which month most, and how strongly the month counts (0 to 1).
FREQUENCY = {
    "waste_container": (19, 7, 0.35),
    "pothole": (15, 5, 0.6),
    "construction_waste": (13, 2, 0.2),
    "street_light": (11, 12, 0.3),
    "graffiti": (8, 9, 0.25),
    "damaged_sidewalk": (7, 5, 0.2),
    "excavation_barrier": (6, 11, 0.3),
    "abandoned_vehicle": (5, 8, 0.1),
    "violating_billboard": (4, 9, 0.3),
    "guide_sign": (3.5, 4, 0.2),
    "street_vendor": (3, 7, 0.6),
    "concrete_barrier": (2.5, 1, 0.1),
    "neglected_park": (1.8, 7, 0.5),
    "canopy_hangar": (1.2, 6, 0.2),
    "random_structure": (0.8, 12, 0.3),
}
ANY_FREQUENCY = (1.0, 1, 0.0)


def moments(count: int, *, until: float, years: float, zone: float, rng: Generator) -> np.ndarray:
    """Return *count* sorted times (seconds) in the *years* before *until*, *zone* s east of UTC."""
    days = np.arange(np.ceil(years * 365.25), 0, -1)
    midnights = until - days * DAY
    weekday = ((midnights + zone) // DAY + 3).astype(int) % 7  # 1 January 1970 was a Thursday
    weights = WEEK[weekday] * (1 + GROWTH_A_YEAR) ** (-days / 365.25)
    day = rng.choice(len(days), count, p=weights / weights.sum())
    hour = rng.choice(24, count, p=HOURS / HOURS.sum())
    return np.sort(np.floor(midnights[day] + hour * HOUR + rng.uniform(0, HOUR, count)))


def elements(codes: list[str], at: np.ndarray, rng: Generator) -> np.ndarray:
    """Return for each time the index of an element in *codes*, as the month makes it likely."""
    base, peak, strength = np.array([FREQUENCY.get(code, ANY_FREQUENCY) for code in codes]).T
    month = at.astype("datetime64[s]").astype("datetime64[M]").astype(int) % 12 + 1
    wave = np.cos(2 * np.pi * (np.arange(1, 13)[:, None] - peak) / 12)
    likely = np.cumsum(base * (1 + strength * wave), axis=1)
    likely /= likely[:, -1:]
    return (rng.random(len(at))[:, None] > likely[month - 1]).sum(axis=1)
