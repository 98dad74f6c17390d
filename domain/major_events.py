"""Major event days, 2.5 beta: IEEE 1366 Annex B.2.

Pure; where the daily values come from and that a threshold is frozen for its year stands in
data_access/major_events.py.
"""

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Threshold:
    """T_MED in minutes per customer and day, with what it was made of."""

    t_med: float
    alpha: float  # mean of the logarithms
    beta: float  # their sample standard deviation, n - 1
    days: int  # with SAIDI above 0


def threshold(saidi: Mapping[date, float], multiplier: float = 2.5) -> Threshold | None:
    """The threshold of a history of daily SAIDI; None with fewer than two days above 0.

    Days at 0 are dropped, not replaced by something small: their logarithm does not exist.
    """
    logarithms = [math.log(value) for value in saidi.values() if value > 0]
    if len(logarithms) < 2:
        return None
    alpha = statistics.fmean(logarithms)
    beta = statistics.stdev(logarithms)
    return Threshold(math.exp(alpha + multiplier * beta), alpha, beta, len(logarithms))


def days_above(saidi: Mapping[date, float], t_med: float) -> list[date]:
    """Major event days: SAIDI strictly above the threshold."""
    return sorted(day for day, value in saidi.items() if value > t_med)


def history_years(year: int, full_years: frozenset[int], at_most: int) -> list[int]:
    """Years that the threshold of `year` is made from: the full ones straight before it, oldest first.

    They end with the year before, so a gap ends the history; empty if the year before is not full.
    """
    years: list[int] = []
    while len(years) < at_most and year - 1 - len(years) in full_years:
        years.append(year - 1 - len(years))
    return years[::-1]
