"""Shares, and how far they can be trusted."""

from functools import cache
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


def share(hits: int, n: int) -> float | None:
    """Return the share of *hits* of *n*, 0-1; None where there is nothing."""
    return hits / n if n else None


def wilson(hits: int, n: int, *, confidence: float = CONFIDENCE) -> tuple[float, float] | None:
    """Return the score interval of a share of which *hits* of *n* were drawn, within 0-1, or None.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212.
    """
    if not n:
        return None
    z = _reach(confidence)
    middle = hits / n + z**2 / (2 * n)
    reach = z * sqrt(hits * (n - hits) / n**3 + z**2 / (4 * n**2))
    whole = 1 + z**2 / n
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


@cache
def _reach(confidence: float) -> float:
    """Return how many standard deviations hold that share of a normal distribution."""
    return NormalDist().inv_cdf((1 + confidence) / 2)
