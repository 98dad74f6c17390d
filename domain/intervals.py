"""Intervals of shares: how far a rate of few events can be trusted."""

from math import sqrt

Z95 = 1.959963984540054


def wilson(successes: float, trials: float, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval of a share, both ends in 0..1; holds for few trials and for 0 % and 100 %.

    Raises ZeroDivisionError without trials: a share of nothing has no interval.
    """
    share = successes / trials
    scale = 1 + z * z / trials
    middle = (share + z * z / (2 * trials)) / scale
    half = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / scale
    return max(0.0, middle - half), min(1.0, middle + half)
