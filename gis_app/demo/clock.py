"""Time in columns: seconds since 1970 in UTC, with NaN for what has not happened."""

import numpy as np

HOUR = 3600.0
DAY = 24 * HOUR
OPENS, CLOSES = 7, 21  # the hours between which crews and the desk work, local time


def in_working_hours(at: np.ndarray, zone: float) -> np.ndarray:
    """Return when somebody at work gets to it: what falls into the night, some time next day."""
    closed = (at + zone - CLOSES * HOUR) // DAY * DAY + CLOSES * HOUR - zone
    night = (24 - CLOSES + OPENS) * HOUR
    into_the_night = (at - closed) / night
    next_day = closed + night + into_the_night * (CLOSES - OPENS) * HOUR
    return np.floor(np.where(into_the_night < 1, next_day, at))
