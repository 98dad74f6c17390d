"""Which interruptions count for the frequent-outage list, and why the others do not, as pure functions.

A user is an MV user on its line: one public transformer area or one dedicated MV account. Every function
takes the body of rule set frequent_outage, so that a list is judged by the version of its date.
The way: rows -> reasons() -> counted() -> frequent_list.judged() at a day -> frequent_list.lines().
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

# Why a row is left out; the first that holds is the one it is reported under, so reasons add up.
REASONS = ("med", "short", "single_user", "external", "within_6h")
MED, SHORT, SINGLE_USER, EXTERNAL, WITHIN_6H = (1 << place for place in range(len(REASONS)))


def look_back_days(body: Mapping[str, Any]) -> int:
    """Days before New Year whose rows still matter to a year's lists; 0 if windows stay in the year."""
    if not body["windows"]["cross_year"]:
        return 0
    return max(body["frequent"]["window_days"], body["warning"]["days_50"], body["warning"]["days_30"])


def first_day(year: int, body: Mapping[str, Any]) -> date:
    """First day of the rows that a list of the year is made from.

    The merging within 6 hours starts there, so a year's list never depends on how much more was read.
    """
    return date(year, 1, 1) - timedelta(days=look_back_days(body))


def reasons(rows: pd.DataFrame, body: Mapping[str, Any]) -> np.ndarray:
    """Per row, in the order given, the bits of why it is not counted; 0 for a counted row.

    rows, one per outage and user: user (int), started_s (seconds), duration_s (-1 while it lasts: never
    short), is_med, is_single_user, is_external, is_planned (bool). Merging compares only rows that nothing
    else excludes, with the last start that was kept: exactly 6 h later is a new outage, and a chain of
    merged rows does not extend.
    """
    rule = body["exclude"]
    duration = rows["duration_s"].to_numpy()
    why = np.zeros(len(rows), dtype=np.uint8)
    if rule["major_event_days"]:
        why |= np.where(rows["is_med"], MED, 0).astype(np.uint8)
    why |= np.where((duration >= 0) & (duration < rule["shorter_than_minutes"] * 60), SHORT, 0).astype(
        np.uint8
    )
    if rule["single_user_orders"]:
        why |= np.where(rows["is_single_user"], SINGLE_USER, 0).astype(np.uint8)
    if rule["external_damage"]:
        why |= np.where(rows["is_external"], EXTERNAL, 0).astype(np.uint8)

    left = np.flatnonzero(why == 0)
    user, start = rows["user"].to_numpy()[left], rows["started_s"].to_numpy()[left]
    # Equal starts: the longest is kept, then the unplanned, so the result does not depend on reading order.
    order = np.lexsort((rows["is_planned"].to_numpy()[left], -duration[left], start, user))
    kept = _kept(user[order], start[order], int(rule["merge_within_hours"] * 3600))
    why[left[order[~kept]]] |= WITHIN_6H
    return why


def _kept(user: np.ndarray, start: np.ndarray, span: int) -> np.ndarray:
    """Which of the rows, sorted by user and start, begin at least span after the last kept one."""
    if not len(user):
        return np.zeros(0, dtype=bool)
    near = (user[1:] == user[:-1]) & (start[1:] - start[:-1] < span)
    kept = np.concatenate(([True], ~near))
    # Only rows near the one before can be merged; the rest need no loop.
    last = 0
    for place in np.flatnonzero(~kept):
        if kept[place - 1]:
            last = start[place - 1]
        kept[place] = start[place] - last >= span
    return kept


def reason_names(bits: int) -> list[str]:
    """The reasons in words of the trade's codes, e.g. ["short", "single_user"]."""
    return [name for place, name in enumerate(REASONS) if bits >> place & 1]


def first_reason(why: np.ndarray) -> np.ndarray:
    """Per row the place in REASONS of the first reason that holds; -1 for counted rows."""
    first = np.full(len(why), -1, dtype=np.int8)
    for place in reversed(range(len(REASONS))):
        first[(why >> place & 1).astype(bool)] = place
    return first


def counted(rows: pd.DataFrame, why: np.ndarray, body: Mapping[str, Any]) -> pd.DataFrame:
    """The counted rows by user and start, with in_window: counted rows of the window that ends with each.

    Two rows share a window when they start less than window_days x 24 h apart.
    """
    columns = ["user", "started_s", "day", "is_planned", "is_fault"]
    kept = rows.loc[why == 0, columns].sort_values(["user", "started_s"], kind="stable", ignore_index=True)
    if kept.empty:
        return kept.assign(in_window=np.zeros(0, dtype=np.int64))
    span = body["frequent"]["window_days"] * 86400
    start = kept["started_s"].to_numpy() - kept["started_s"].min()
    # One key over all users, with more than a window between the last row of one and the first of the next.
    key = kept["user"].to_numpy().astype(np.int64) * (int(start.max()) + span + 1) + start
    return kept.assign(in_window=np.arange(len(key)) - np.searchsorted(key, key - span, side="right") + 1)
