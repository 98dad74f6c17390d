"""Rules on outages: repeated faults (RL1) and outside influence (RL6). See risk_rules.py."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from domain.risk_findings import Clause
from domain.rule_sets import holds


def count_clause(objects: np.ndarray, counts: np.ndarray, rule: Mapping[str, Any], what: str) -> Clause:
    """Objects whose number of `what` meets the rule's operator and limit; the evidence are outages."""
    met = holds(counts, rule["operator"], rule[what])
    return Clause(objects[met], counts[met], f"{what} {rule['operator']} {rule[what]}", rule["level"])


def of_outages(facts: Mapping[str, pd.DataFrame], column: str, rule: Mapping[str, Any]) -> list[Clause]:
    """The clause on a column of the counts, where outages are known at all."""
    if "counts" not in facts:
        return []
    counts = facts["counts"]
    return [count_clause(counts["object"].to_numpy(), counts[column].to_numpy(), rule, "faults")]


def things(rows: pd.DataFrame, rule: Mapping[str, Any], what: str) -> Clause:
    """Objects with so many rows; the evidence are their keys, in the order of the rows."""
    objects, counts = np.unique(rows["object"].to_numpy().astype(np.int64), return_counts=True)
    found = count_clause(objects, counts, rule, what)
    return Clause(found.objects, found.values, found.text, found.level, rows[["object", "key"]])


def is_open(rows: pd.DataFrame, begins: str, ends: str, as_of: date) -> np.ndarray:
    """Which rows had begun by the end of the day and had not ended by then."""
    today = pd.Timestamp(as_of)
    return ((rows[begins] <= today) & (rows[ends].isna() | (rows[ends] > today))).to_numpy()


def repeated(facts: Mapping[str, pd.DataFrame], _as_of: date, rule: Mapping[str, Any]) -> list[Clause]:
    """RL1: so many faults in 12 months, or on the frequent-outage or the warning list."""
    found = of_outages(facts, "faults", rule["faults"])
    if "listed" in facts:
        listed = facts["listed"]
        levels = {"frequent": rule["listed"]["frequent_level"], "warning": rule["listed"]["warning_level"]}
        for state, level in levels.items():
            mine = listed[(listed["state"] == state).to_numpy()]
            values = mine["total"].to_numpy()
            found.append(Clause(mine["object"].to_numpy(), values, f"list = {state}", level))
    return found


def external(facts: Mapping[str, pd.DataFrame], as_of: date, rule: Mapping[str, Any]) -> list[Clause]:
    """RL6: so many faults of outside influence in 12 months, or a place of danger that is open."""
    found = of_outages(facts, "external_faults", rule["faults"])
    if "sites" in facts:
        sites = facts["sites"]
        chosen = is_open(sites, "opened_on", "closed_on", as_of) & sites["kind"].isin(rule["sites"]["kinds"])
        found.append(things(sites[chosen].sort_values(["opened_on", "key"]), rule["sites"], "sites"))
    return found
