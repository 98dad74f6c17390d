"""Rules on customers' equipment: faults passed to the grid (RL8), its condition (RL9). See risk_rules.py."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from domain.risk_condition import older
from domain.risk_events import of_outages, things
from domain.risk_findings import Clause

Facts = Mapping[str, pd.DataFrame]


def passed_on(facts: Facts, _as_of: date, rule: Mapping[str, Any]) -> list[Clause]:
    """RL8: faults that customers' equipment passed to the line, or accounts without a boundary switch.

    By faults only lines: of the many areas that such a fault touches nobody knows which passed it on. An
    account without switch stands for itself and counts for its line.
    """
    found = []
    if "counts" in facts:
        of_lines = facts["counts"][facts["counts"]["is_line"].to_numpy()]
        found += of_outages({"counts": of_lines}, "passed_faults", rule["passed"])
    if "equipment" in facts:
        rows = facts["equipment"]
        bare = rows[rows["has_boundary_switch"].eq(False).to_numpy()].sort_values("key")
        both = pd.concat([bare[["object", "key"]], bare[["line", "key"]].set_axis(["object", "key"], axis=1)])
        both = both[both["object"].to_numpy() >= 0]
        found.append(things(both, rule["no_boundary_switch"], "accounts"))
    return found


def equipment(facts: Facts, as_of: date, rule: Mapping[str, Any]) -> list[Clause]:
    """RL9: an account's old type of arrester, old transformer, or last test too long ago.

    The value is the number of years, and of devices where it is the arrester. A test that nobody knows of is
    none of long ago: it is unknown.
    """
    if "equipment" not in facts:
        return []
    rows = facts["equipment"]
    rows = rows[rows["object"].to_numpy() >= 0].sort_values("key")
    found = []
    for name, since, what in (
        ("last_test", "last_test_on", "years_since_test"),
        ("transformer", "transformer_in_service_on", "transformer_years"),
    ):
        is_older, age = older(rows[since], as_of, rule[name])
        met = rows.assign(age=age)[is_older].sort_values("age", ascending=False, kind="stable")
        once = met.drop_duplicates("object")
        text = f"{what} {rule[name]['operator']} {rule[name]['years']}"
        keys = met[["object", "key"]]
        found.append(
            Clause(once["object"].to_numpy(), once["age"].to_numpy(), text, rule[name]["level"], keys)
        )
    old = rows[rows["arrester_type"].isin(rule["arrester"]["types"]).to_numpy()]
    objects, counts = np.unique(old["object"].to_numpy().astype(np.int64), return_counts=True)
    text = f"arrester in {', '.join(rule['arrester']['types'])}"
    found.append(Clause(objects, counts, text, rule["arrester"]["level"], old[["object", "key"]]))
    return found
