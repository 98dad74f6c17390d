"""Heavy load and overload from metered points: how long the load rate stays at or above a limit.

The load rate of an area is its metered power / the capacity of ALL its transformers: a join of points with
transformers would count the power once for each transformer.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from domain.rule_sets import holds


def longest_runs(points: pd.DataFrame, capacity_kva: np.ndarray, rule: Mapping[str, Any]) -> pd.DataFrame:
    """Per object the longest runs of consecutive points: object, heavy_run_points, overload_run_points.

    points: object, measured_s (seconds since 1970), power_kw (reverse flow by its amount). capacity_kva by
    object, NaN or 0 where unknown: such an object is left out, for its load rate is unknown. A missing point
    ends a run, as does one below the limit. rule: section RL2 of rule set risk.
    """
    objects = points["object"].to_numpy().astype(np.int64)
    capacity = capacity_kva[objects] if len(objects) else np.zeros(0)
    known = capacity > 0
    objects, capacity = objects[known], capacity[known]
    at = points["measured_s"].to_numpy()[known].astype(np.int64)
    percent = np.abs(points["power_kw"].to_numpy()[known].astype(np.float64)) / capacity * 100
    order = np.lexsort((at, objects))
    objects, at, percent = objects[order], at[order], percent[order]
    follows = np.zeros(len(objects), dtype=bool)
    step = rule["minutes_between"] * 60
    follows[1:] = (objects[1:] == objects[:-1]) & (at[1:] - at[:-1] == step)
    names, number = np.unique(objects, return_inverse=True)
    found = {"object": names}
    for name in ("heavy", "overload"):
        is_above = holds(percent, rule[name]["operator"], rule[name]["percent"])
        longest = np.zeros(len(names), dtype=np.int64)
        np.maximum.at(longest, number, _lengths(is_above, follows))
        found[f"{name}_run_points"] = longest
    return pd.DataFrame(found)


def _lengths(is_above: np.ndarray, follows: np.ndarray) -> np.ndarray:
    """At each point how many points in a row are above, up to it."""
    place = np.arange(len(is_above))
    begins = np.where(is_above & ~follows, place, 0)
    begins = np.where(is_above, begins, place + 1)  # a point below ends a run: the next may begin
    return np.where(is_above, place - np.maximum.accumulate(begins) + 1, 0) if len(place) else place
