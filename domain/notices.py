"""What customers were told of outages and restorations: in time, and as it came. All times are seconds.

An outage is announced by a message of kind planned, temporary or rationing that was published before it
began and not cancelled by then; what was published afterwards announces nothing. Where a plan was moved or
published again, the last message before the outage says what customers expected.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

ANNOUNCING = ("planned", "temporary", "rationing")
DAY_S, HOUR_S = 86400, 3600
# Why a fault need not be announced, or cannot be judged; the first that holds.
NOT_TO_NOTIFY = ("momentary", "no_customers", "few_customers", "not_detected")


def announced(outages: pd.DataFrame, notices: pd.DataFrame) -> pd.DataFrame:
    """What customers last expected of each outage that was announced at all; index: outage.

    outages: outage, started_s. notices: outage, kind, published_s, start_s, end_s, cancelled_s, moved_to_s
    (NaN where not given). Columns: start_s (the actual start where the message gives none), end_s (NaN if
    none), published_s = when that start was first published: a reminder does not make it late; notice =
    row label in notices of the last message.
    """
    told = notices[notices["kind"].isin(ANNOUNCING)].assign(notice=lambda rows: rows.index)
    told = told.merge(outages[["outage", "started_s"]], on="outage")
    cancelled = told["cancelled_s"].notna() & (told["cancelled_s"] <= told["started_s"])
    told = told[(told["published_s"] <= told["started_s"]) & ~cancelled]
    moved = told["moved_to_s"] - told["start_s"]
    expected = told.assign(
        start_s=told["moved_to_s"].fillna(told["start_s"]).fillna(told["started_s"]),
        end_s=told["end_s"] + moved.fillna(0),
    ).sort_values(["outage", "published_s", "notice"])
    last = expected.drop_duplicates("outage", keep="last").set_index("outage")
    same = expected[expected["start_s"] == expected["outage"].map(last["start_s"])]
    first_published = same.groupby("outage")["published_s"].min()
    return last.assign(published_s=first_published)[["start_s", "end_s", "published_s", "notice"]]


def lead_s(kind: str, body: Mapping[str, Any]) -> float:
    """How long before the start an outage of the kind has to be published."""
    if kind == "planned":
        return body["planned"]["days_before"] * DAY_S
    return body["temporary"]["hours_before"] * HOUR_S


def is_early_enough(published_s: Any, start_s: Any, lead: float) -> Any:
    """Published at least `lead` before the announced start. False where nothing was announced (NaN)."""
    return published_s <= start_s - lead


def is_prompt(published_s: Any, since_s: Any, minutes: float) -> Any:
    """The first message came at most that many minutes after the event. False for no message (NaN)."""
    return published_s <= since_s + minutes * 60


def first_reason(rows: pd.Series, reasons: Mapping[str, Any]) -> np.ndarray:
    """The name of the first reason that holds for each of the rows; '' for none, and where rows is False."""
    found = np.full(len(rows), "", dtype=object)
    for name, holds in reversed(reasons.items()):
        found[np.asarray(rows, dtype=bool) & np.asarray(holds, dtype=bool)] = name
    return found


def are_times_accurate(outages: pd.DataFrame, body: Mapping[str, Any]) -> pd.Series:
    """Began within the tolerance of the announced start, and ended no later than announced + tolerance.

    outages: started_s, ended_s, start_s, end_s. Without an announced end nothing told when to expect it back:
    not accurate.
    """
    rule = body["accuracy"]
    began = (outages["started_s"] - outages["start_s"]).abs() <= rule["start_minutes"] * 60
    return began & (outages["ended_s"] <= outages["end_s"] + rule["end_minutes"] * 60)


def is_late(ended_s: Any, end_s: Any) -> Any:
    """Ended after the announced end, without tolerance."""
    return ended_s > end_s


def jaccard(touched: pd.DataFrame, told: pd.DataFrame) -> pd.Series:
    """Common areas / all areas, per outage that has both; touched and told: outage, area_code, no repeats.

    1.0: exactly the announced areas were out. Outages whose areas are unknown are left out, not 0.
    """
    both = touched.merge(told, on=["outage", "area_code"]).groupby("outage").size()
    sizes = pd.DataFrame({"touched": touched.groupby("outage").size(), "told": told.groupby("outage").size()})
    sizes = sizes.dropna()
    common = both.reindex(sizes.index).fillna(0)
    return common / (sizes["touched"] + sizes["told"] - common)


def is_as_announced(plans: pd.DataFrame, body: Mapping[str, Any]) -> pd.Series:
    """Whether the outage of each plan began when it was announced, the tolerance included; False without one.

    plans: started_s (NaN where no outage took place), start_s. How exact it was, are_times_accurate() says.
    """
    return (plans["started_s"] - plans["start_s"]).abs() <= body["plan"]["start_within_hours"] * 3600


def plan_outcomes(plans: pd.DataFrame, now_s: float) -> pd.DataFrame:
    """What became of each published plan: flags is_due, executed, cancelled, rescheduled.

    plans: start_s (announced), cancelled_s, moved_to_s, is_carried_out (see is_as_announced()). A plan is
    due once its announced start has come; a cancelled one is not also rescheduled; executed: as published.
    """
    cancelled = plans["cancelled_s"].notna()
    rescheduled = ~cancelled & plans["moved_to_s"].notna()
    due = plans["start_s"] <= now_s
    return pd.DataFrame(
        {
            "is_due": due,
            "executed": due & ~cancelled & ~rescheduled & plans["is_carried_out"],
            "cancelled": due & cancelled,
            "rescheduled": due & rescheduled,
        }
    )
