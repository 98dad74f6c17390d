"""Expected customer-minutes of a line or area in the next 12 months: how often x how bad, every term shown.

Pure. Sensitive customers and load never enter the minutes. The parameters (score) belong to the rule set of
risks: prior_months (b, 12), prior_faults (w, 5), peers_at_least.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

MONTHS = 12
TERMS = [
    "months",
    "faults",
    "peer_faults_month",
    "prior_faults",
    "faults_expected",
    "sized_faults",
    "own_minutes_per_fault",
    "peer_minutes_per_fault",
    "minutes_per_fault",
    "expected_min",
]


def expected_minutes(objects: pd.DataFrame, score: Mapping[str, Any]) -> pd.DataFrame:
    """The terms of each object's expected customer-minutes, by the index of objects; unrounded.

    objects: one row per line or area, all peers among them, also those without a fault or on no list. Columns
    peer_group (same kind and city bureau) and kind (line | area); over the last months that count
    (at most 24), as many as are known: months, faults; faults_no_med and fault_customer_s_no_med (customer-seconds), both
    without major event days, which say how bad a fault is and not how often one comes.

        faults_expected   = 12 x (prior_faults + faults) / (b + months), prior_faults = b x peer_faults_month
        minutes_per_fault = (customer-minutes + w x peer_minutes_per_fault) / (sized_faults + w)
        expected_min      = faults_expected x minutes_per_fault

    sized_faults are those without major event days. Peers' figures are sums over sums, the object itself
    among them; of a group of fewer than peers_at_least objects those of its kind everywhere. Missing where no
    peer has a month, or a fault that says how bad one is: never 0. own_minutes_per_fault is missing without
    faults and enters nothing.
    """
    b, w = score["prior_months"], score["prior_faults"]
    minutes = objects["fault_customer_s_no_med"] / 60
    few = objects.groupby("peer_group")["months"].transform("size") < score["peers_at_least"]
    peers = {
        name: _of_peers(objects, over, under, few)
        for name, (over, under) in {
            "faults": (objects["faults"], objects["months"]),
            "minutes": (minutes, objects["faults_no_med"]),
        }.items()
    }
    found = objects[["months", "faults"]].copy()
    found["peer_faults_month"] = peers["faults"]
    found["prior_faults"] = b * peers["faults"]
    found["faults_expected"] = MONTHS * (found["prior_faults"] + found["faults"]) / (b + found["months"])
    found["sized_faults"] = objects["faults_no_med"]
    found["own_minutes_per_fault"] = minutes / objects["faults_no_med"].where(objects["faults_no_med"] > 0)
    found["peer_minutes_per_fault"] = peers["minutes"]
    found["minutes_per_fault"] = (minutes + w * peers["minutes"]) / (objects["faults_no_med"] + w)
    found["expected_min"] = found["faults_expected"] * found["minutes_per_fault"]
    return found[TERMS]


def _of_peers(objects: pd.DataFrame, over: pd.Series, under: pd.Series, few: pd.Series) -> pd.Series:
    """Sum over sum of each object's peers: its group, or its kind where the group is small or has nothing."""
    ratios = []
    for name in ("peer_group", "kind"):
        sums = [one.groupby(objects[name]).transform("sum") for one in (over, under)]
        ratios.append(sums[0] / sums[1].where(sums[1] > 0, np.nan))
    return ratios[0].mask(few | ratios[0].isna(), ratios[1])
