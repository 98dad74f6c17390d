"""A draft of the rules of risk: single thresholds changed in a whole body, and what came of trying it."""

import copy
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from domain.periods import add_months

CHANGES = ("entered", "left", "rules")


def leaves(body: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """(RL1.faults.level, 2): every value of a body with its path, in its order."""
    for key, value in body.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def changed(body: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the body with these values by path; a path that it lacks is an error of ours."""
    found = copy.deepcopy(dict(body))
    for path, value in values.items():
        *sections, key = path.split(".")
        section = found
        for name in sections:
            section = section[name]
        if key not in section:
            raise KeyError(path)
        section[key] = value
    return found


def by_month(tried: pd.DataFrame, month: date, months: int) -> pd.DataFrame:
    """One row per month-end, the last first: month, and how many entered, left, or stay by other rules.

    tried: month and change, as risk_what_if.what_if() gives them. A month without a row changed nothing.
    """
    counts = tried.groupby(["month", "change"]).size().to_dict()
    shown = [add_months(month, -step) for step in range(months)]
    rows = [(one, *(int(counts.get((one, change), 0)) for change in CHANGES)) for one in shown]
    return pd.DataFrame(rows, columns=["month", *CHANGES])
