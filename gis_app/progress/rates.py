"""Shares, and how far they can be trusted."""

from functools import cache
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


def wilson(hits: int, n: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the score interval of a share of which *hits* of *n* were drawn, within 0-1.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212.
    """
    z = _reach(confidence)
    share = hits / n
    middle = share + z**2 / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    whole = 1 + z**2 / n
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


@cache
def _reach(confidence: float) -> float:
    """Return how many standard deviations hold that share of a normal distribution."""
    return NormalDist().inv_cdf((1 + confidence) / 2)
