"""One outage of the invented company before its steps, and when in a month it begins."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from domain.periods import days_in

SEASON = (0.7, 0.7, 0.9, 1.2, 1.4, 1.3, 1.35, 1.3, 1.0, 0.7, 0.6, 0.7)  # January first


@dataclass(frozen=True)
class Event:
    """One outage before its steps: which areas of a line, when, why."""

    started: datetime
    minutes: float
    kind: str
    cause: str
    line: Any
    areas: list
    trip: str = ""
    is_branch: bool = False  # a low-voltage branch of one area: the area itself stays supplied
    is_passed: bool = False  # of a customer's equipment, and nothing cut it off from the line


def moment(month: date, random: np.random.Generator) -> datetime:
    """Some minute of the month."""
    seconds = int(random.integers(0, days_in(month) * 86_400 // 60)) * 60
    return datetime.combine(month, time()) + timedelta(seconds=seconds)
