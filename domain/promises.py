"""Restoration times told to customers: was the promise kept, the estimate right, how often revised.

Customers hold the company to what it told them, so both the first and the last time told are judged. All
times are seconds; a time told for the whole outage holds for each of its steps that still lasts: what is told
after the restoration promises nothing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd


def is_kept(late_s: Any, body: Mapping[str, Any]) -> Any:
    """Restored no later than promised + the tolerance. late_s: restored - promised, negative when early."""
    return late_s <= round(body["kept"]["minutes"] * 60)


def is_few(count: Any, body: Mapping[str, Any]) -> Any:
    """So few promises that their share says nothing; versions from before this rule know no limit."""
    return count < body.get("few", {"promises": 0})["promises"]


def is_accurate(late_s: Any, body: Mapping[str, Any]) -> Any:
    """Restored within the tolerance of the estimate: much too early is as wrong as too late."""
    tolerance = round(body["accurate"]["minutes"] * 60)
    return (late_s <= tolerance) & (late_s >= -tolerance)


def tellings(steps: pd.DataFrame, promises: pd.DataFrame) -> pd.DataFrame:
    """Every time told to the customers of each step, in the order in which they heard it.

    steps: outage, step, started_s, restored_s (NaN while it lasts) and promised_s (the time on the row
    itself, NaN for none: it counts as told when the step began). promises: outage, step (NaN: for all
    steps of the outage), told_s, promised_s. Columns: outage, step, told_s, promised_s, promise (row number
    in promises, -1 for the step's own).
    """
    own = steps[steps["promised_s"].notna()].assign(told_s=steps["started_s"], promise=-1)
    numbered = promises.assign(promise=np.arange(len(promises)))
    ends = steps[["outage", "step", "restored_s"]]
    of_step = numbered[numbered["step"].notna()].merge(ends, on=["outage", "step"])
    of_outage = numbered[numbered["step"].isna()].drop(columns="step").merge(ends, on="outage")
    columns = ["outage", "step", "told_s", "promised_s", "promise"]
    in_time = [one[~(one["told_s"] > one["restored_s"])] for one in (of_step, of_outage)]
    whole = pd.concat([one[columns] for one in (own, *in_time)], ignore_index=True)
    # Two told in one second: the step's own first, then in the order given.
    return whole.sort_values(["outage", "step", "told_s", "promise"], ignore_index=True)


def first_and_last(told: pd.DataFrame) -> pd.DataFrame:
    """The first and the last time told for each step: columns first_s and last_s, index (outage, step)."""
    by_step = told.groupby(["outage", "step"])["promised_s"]
    return pd.DataFrame({"first_s": by_step.first(), "last_s": by_step.last()})


def revisions(told: pd.DataFrame) -> pd.Series:
    """Revisions per outage: messages that changed the time some of its customers had been told before.

    A message to the whole outage is one revision however many steps it reaches; repeating the same time is
    none. Outages without a revision are left out.
    """
    before = told.groupby(["outage", "step"])["promised_s"].shift()
    changed = told[before.notna() & (before != told["promised_s"]) & (told["promise"] >= 0)]
    return changed.drop_duplicates(["outage", "promise"]).groupby("outage").size()
