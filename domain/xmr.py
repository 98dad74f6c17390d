"""The XmR chart itself: centre, mean moving range, and which points complete a signal (wheeler-v1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Baseline:
    """Months and figures that the limits come from, in the unit of what is judged."""

    first_month: date
    last_month: date
    n: int
    centre: float
    mean_range: float
    is_stored: bool = False  # else provisional: computed now from the first 12 to 24 complete months
    set_by: str = ""
    set_at: datetime | None = None
    reason: str = ""


def baseline_of(months: Sequence[date], judged: Sequence[float]) -> Baseline | None:
    """Centre and mean moving range of the months; None where there are fewer than 2. n may be any other."""
    if len(judged) < 2:
        return None
    ranges = [abs(after - before) for before, after in pairwise(judged)]
    return Baseline(months[0], months[-1], len(judged), sum(judged) / len(judged), sum(ranges) / len(ranges))


def fired(
    judged: Sequence[float], baseline: Baseline, limits: tuple[float, float], rules: Mapping[str, Any]
) -> list[tuple[str, tuple[int, ...]]]:
    """For each point the rule that it completes, gravest first, and the places of the points behind it.

    outside: beyond a limit. run: so many in a row on one side of the centre. near_limit: 3 of 4 in a row
    beyond half-way to the same limit, this one among them; half-way is measured to the limit before clipping.
    """
    lower, upper = limits
    half = rules["limit_factor"] * baseline.mean_range / 2
    sides = [(one > baseline.centre) - (one < baseline.centre) for one in judged]
    result: list[tuple[str, tuple[int, ...]]] = []
    run = 0
    for place, value in enumerate(judged):
        side = sides[place]
        run = run + 1 if side and place and sides[place - 1] == side else int(side != 0)
        near = [
            one
            for one in range(max(0, place - rules["near_limit_of"] + 1), place + 1)
            if sides[one] == side and abs(judged[one] - baseline.centre) > half
        ]
        if value > upper or value < lower:
            result.append(("outside", (place,)))
        elif run >= rules["run_length"]:
            result.append(("run", tuple(range(place - run + 1, place + 1))))
        elif side and place in near and len(near) >= rules["near_limit_at_least"]:
            result.append(("near_limit", tuple(near)))
        else:
            result.append(("", ()))
    return result


def members(signals: Sequence[tuple[str, tuple[int, ...]]]) -> list[str]:
    """For each point the gravest rule of a signal that it belongs to, completed there or later."""
    order = ("outside", "run", "near_limit", "")
    rules = [""] * len(signals)
    for rule, places in signals:
        for place in places:
            rules[place] = min(rules[place], rule, key=order.index)
    return rules
