"""Who is interrupted too often: the frequent-outage and the warning list at a day, as pure functions.

Both lists are for the calendar year to date, with one official label for each user: frequent beats warning,
and inside each the priority of the rule version decides. frequent_outage.py says which rows count.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from domain.rule_sets import holds

FREQUENT_LABELS = ("year", "window", "planned")
WARNING_LABELS = ("year", "days_50", "days_30")
NEVER = np.datetime64("9999-12-31")
ALWAYS = np.datetime64("0001-01-01")


def judged(kept: pd.DataFrame, as_of: date, body: Mapping[str, Any], users: int) -> pd.DataFrame:
    """Users on the frequent or the warning list at the end of the day as_of, calendar year to date.

    kept is what counted() gave for that year; users is the number of user codes. Columns: user, total,
    fault, planned, most_in_window, last_50, last_30, state (frequent or warning: frequent beats warning),
    label (the one official label, by the version's priority), labels (all that hold), triggered_on.
    """
    day = kept["day"].to_numpy().astype("datetime64[D]")
    today = np.datetime64(as_of, "D")
    seen = kept[(day <= today) & (day >= np.datetime64(f"{as_of.year}-01-01"))]
    user = seen["user"].to_numpy()
    result = pd.DataFrame({"user": np.arange(users)})
    result["total"] = np.bincount(user, minlength=users)
    result["fault"] = np.bincount(user[seen["is_fault"].to_numpy()], minlength=users)
    result["planned"] = np.bincount(user[seen["is_planned"].to_numpy()], minlength=users)
    most = np.zeros(users, dtype=np.int64)
    np.maximum.at(most, user, seen["in_window"].to_numpy())
    result["most_in_window"] = most
    for name, days in (("last_50", body["warning"]["days_50"]), ("last_30", body["warning"]["days_30"])):
        recent = (day <= today) & (day > today - np.timedelta64(days, "D"))
        result[name] = np.bincount(kept["user"].to_numpy()[recent], minlength=users)

    held = _held(result, body)
    listed = np.logical_or.reduce(list(held.values()))
    result = result[listed].reset_index(drop=True)
    held = {name: flags[listed] for name, flags in held.items()}
    is_frequent = np.logical_or.reduce([held[f"frequent:{one}"] for one in FREQUENT_LABELS])
    result["state"] = np.where(is_frequent, "frequent", "warning")
    result["label"] = _official(held, is_frequent, body)
    result["labels"] = _joined(held, len(result))
    result["triggered_on"] = _triggered_on(result, kept, seen, today, body)
    return result


def _held(counts: pd.DataFrame, body: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """For each label, e.g. "frequent:window", which users it holds for."""
    frequent, warning = body["frequent"], body["warning"]
    total = counts["total"].to_numpy()
    return {
        "frequent:year": holds(total, frequent["operator"], frequent["year"]),
        "frequent:window": holds(
            counts["most_in_window"].to_numpy(), frequent["operator"], frequent["window"]
        ),
        "frequent:planned": holds(counts["planned"].to_numpy(), frequent["operator"], frequent["planned"]),
        "warning:year": (total >= warning["year_from"]) & (total <= warning["year_to"]),
        "warning:days_50": counts["last_50"].to_numpy() == warning["days_50_equals"],
        "warning:days_30": counts["last_30"].to_numpy() == warning["days_30_equals"],
    }


def _official(held: dict[str, np.ndarray], is_frequent: np.ndarray, body: Mapping[str, Any]) -> np.ndarray:
    label = np.full(len(is_frequent), "", dtype=object)
    for state, mine in (("warning", ~is_frequent), ("frequent", is_frequent)):
        for one in reversed(body["priority"][state]):
            label[held[f"{state}:{one}"] & mine] = one
    return label


def _joined(held: dict[str, np.ndarray], size: int) -> np.ndarray:
    """All labels of each user, parted by ';'. Few combinations exist, so each is written once."""
    bits = np.zeros(size, dtype=np.int64)
    for place, flags in enumerate(held.values()):
        bits |= flags.astype(np.int64) << place
    names = list(held)
    words = {
        one: ";".join(name for place, name in enumerate(names) if one >> place & 1)
        for one in set(bits.tolist())
    }
    return np.array([words[one] for one in bits.tolist()], dtype=object)


def _triggered_on(
    result: pd.DataFrame,
    kept: pd.DataFrame,
    seen: pd.DataFrame,
    today: np.datetime64,
    body: Mapping[str, Any],
) -> np.ndarray:
    """Day of the row that put the user on its list.

    Frequent: the row with which the first of its labels came to hold. Warning: the 4th of the year, the 3rd
    of 50 days, the 2nd of 30 days; the latest of those that hold. Exactly three in 50 days means that the
    third is the user's last row, so the last row of all gives the day of both short windows.
    """
    frequent, warning = body["frequent"], body["warning"]
    by, user = frequent["operator"], result["user"].to_numpy()
    users, days = seen["user"].to_numpy(), seen["day"].to_numpy().astype("datetime64[D]")
    planned = seen["is_planned"].to_numpy()
    rank = _rank(users)

    too_often = holds(rank, by, frequent["year"]) | holds(
        seen["in_window"].to_numpy(), by, frequent["window"]
    )
    too_often[planned] |= holds(_rank(users[planned]), by, frequent["planned"])
    since = _extreme_day(users[too_often], days[too_often], user, np.minimum, NEVER)

    nth = rank == warning["year_from"]
    fourth = _extreme_day(users[nth], days[nth], user, np.minimum, NEVER)
    in_time = kept["day"].to_numpy().astype("datetime64[D]") <= today
    last = _extreme_day(
        kept["user"].to_numpy()[in_time],
        kept["day"].to_numpy().astype("datetime64[D]")[in_time],
        user,
        np.maximum,
        ALWAYS,
    )
    by_year = result["labels"].str.contains("warning:year").to_numpy()
    by_window = result["labels"].str.contains("warning:days").to_numpy()
    warned = np.maximum(np.where(by_year, fourth, ALWAYS), np.where(by_window, last, ALWAYS))
    return np.where(result["state"].to_numpy() == "frequent", since, warned)


def _rank(users: np.ndarray) -> np.ndarray:
    """1 for the first row of each user, 2 for the second ...; rows sorted by user."""
    if not len(users):
        return np.zeros(0, dtype=np.int64)
    begins = np.flatnonzero(np.concatenate(([True], users[1:] != users[:-1])))
    return np.arange(len(users)) - np.repeat(begins, np.diff(np.append(begins, len(users)))) + 1


def _extreme_day(
    users: np.ndarray, days: np.ndarray, wanted: np.ndarray, pick: np.ufunc, start: np.datetime64
) -> np.ndarray:
    """The earliest (np.minimum) or latest (np.maximum) day per wanted user; `start` where there is none."""
    size = int(max(users.max(initial=0), wanted.max(initial=0))) + 1
    found = np.full(size, start)
    pick.at(found, users, days)
    return found[wanted]


def keep_first_day(listed: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Day from which each row of `listed` is warned: that of the list before while its state is the same.

    before has user, state and warned_on of the month-end before; listed has user, state and triggered_on.
    """
    earlier = before.assign(warned_on=before["warned_on"].astype("datetime64[s]"))
    joined = listed[["user", "state", "triggered_on"]].merge(earlier, on=["user", "state"], how="left")
    joined.index = listed.index
    return joined["warned_on"].fillna(joined["triggered_on"].astype("datetime64[s]"))


def lines(frequent: pd.DataFrame, only_dedicated: pd.Series, body: Mapping[str, Any]) -> pd.DataFrame:
    """Frequent lines: enough distinct frequent users, and not all users of the line are dedicated.

    frequent has one row per frequent user: line, area, total, fault, planned ...; only_dedicated is indexed
    by line, a line that it lacks counts as public. Returned is the representative of each line, the user with
    the highest (total, fault, planned), lowest area code at a tie, and areas = frequent users on the line.
    """
    areas = frequent.groupby("line")["area"].transform("nunique")
    dedicated = frequent["line"].map(only_dedicated).eq(True)
    is_enough = (areas >= body["lines"]["frequent_areas_at_least"]) & ~dedicated
    enough = frequent.assign(areas=areas)[is_enough]
    ranked = enough.sort_values(
        ["line", "total", "fault", "planned", "area"],
        ascending=[True, False, False, False, True],
        kind="stable",
    )
    return ranked.drop_duplicates("line").reset_index(drop=True)


def changes(before: pd.DataFrame, now: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """What became of each entry between two lists: entered, left, decreased or label_changed.

    Columns: key, change, and total, state, label of both lists with _before. Unchanged entries are left out.
    Decreased: still listed, but from frequent to warning only, or with a smaller total.
    """
    columns = [*key, "total", "state", "label"]
    both = before[columns].merge(now[columns], on=key, how="outer", suffixes=("_before", ""), indicator=True)
    is_less = (both["state_before"].eq("frequent") & both["state"].eq("warning")) | (
        both["total"] < both["total_before"]
    )
    is_other = both["label"].ne(both["label_before"]) | both["state"].ne(both["state_before"])
    both["change"] = np.select(
        [both["_merge"].eq("right_only"), both["_merge"].eq("left_only"), is_less, is_other],
        ["entered", "left", "decreased", "label_changed"],
        "",
    )
    return both[both["change"] != ""].drop(columns="_merge").reset_index(drop=True)
