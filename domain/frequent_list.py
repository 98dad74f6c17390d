"""Who is interrupted too often: the frequent-outage and the warning list at a day, as pure functions.

Both lists are for the calendar year to date, with one official label for each user: frequent beats warning,
and inside each the priority of the rule version decides. frequent_outage.py says which rows count.
"""

from collections.abc import Iterator, Mapping, Sequence
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
    fault, planned, most_in_window, state (frequent or warning: frequent beats warning), label (the one
    official label, by the version's priority), labels (all that hold), triggered_on.
    """
    return next(judged_at(kept, [as_of], body, users))


def judged_at(
    kept: pd.DataFrame, days: Sequence[date], body: Mapping[str, Any], users: int
) -> Iterator[pd.DataFrame]:
    """The list at the end of each of the days, which lie in one calendar year; see judged()."""
    # Arrays instead of frames: this runs for every month-end of every bureau.
    rows = {name: kept[name].to_numpy() for name in ("user", "is_planned", "is_fault", "in_window")}
    rows["day"] = kept["day"].to_numpy().astype("datetime64[D]")
    new_year = np.datetime64(f"{days[0].year}-01-01") if days else NEVER
    year = {name: values[rows["day"] >= new_year] for name, values in rows.items()}
    # The day on which a user's 4th row or first frequent label came holds for every later day of the year.
    firsts = (_fourth(year, users, body), _too_often_since(year, users, body))
    for as_of in days:
        yield _judged(rows, year, firsts, np.datetime64(as_of, "D"), body, users)


def _judged(
    rows: Mapping[str, np.ndarray],
    whole_year: Mapping[str, np.ndarray],
    firsts: tuple[np.ndarray, np.ndarray],
    today: np.datetime64,
    body: Mapping[str, Any],
    users: int,
) -> pd.DataFrame:
    so_far = whole_year["day"] <= today
    year = {name: values[so_far] for name, values in whole_year.items()}
    in_time = rows["day"] <= today

    def count(chosen: np.ndarray) -> np.ndarray:
        return np.bincount(chosen, minlength=users)

    most = np.zeros(users, dtype=np.int64)
    np.maximum.at(most, year["user"], year["in_window"])
    counts = {
        "total": count(year["user"]),
        "fault": count(year["user"][year["is_fault"]]),
        "planned": count(year["user"][year["is_planned"]]),
        "most_in_window": most,
    }
    recent = {}
    for days in (body["warning"]["days_50"], body["warning"]["days_30"]):
        recent[days] = count(rows["user"][in_time & (rows["day"] > today - np.timedelta64(days, "D"))])
    held = _held(counts, recent, body)
    user = np.flatnonzero(np.logical_or.reduce(list(held.values())))
    held = {name: flags[user] for name, flags in held.items()}
    is_frequent = np.logical_or.reduce([held[f"frequent:{one}"] for one in FREQUENT_LABELS])
    last = np.full(users, ALWAYS)
    np.maximum.at(last, rows["user"][in_time], rows["day"][in_time])
    warned = np.where(held["warning:days_50"] | held["warning:days_30"], last[user], ALWAYS)
    warned = np.maximum(warned, np.where(held["warning:year"], firsts[0][user], ALWAYS))
    since = np.where(is_frequent, firsts[1][user], warned)
    return pd.DataFrame(
        {
            "user": user,
            **{name: values[user] for name, values in counts.items()},
            "state": _words(("warning", "frequent"), is_frequent.astype(np.int64)),
            "label": _official(held, is_frequent, body),
            "labels": _joined(held),
            "triggered_on": since.astype("datetime64[s]"),
        }
    )


def _held(
    counts: Mapping[str, np.ndarray], recent: Mapping[int, np.ndarray], body: Mapping[str, Any]
) -> dict[str, np.ndarray]:
    """For each label, e.g. "frequent:window", which users it holds for. recent: counts of the last days."""
    frequent, warning = body["frequent"], body["warning"]
    by, total = frequent["operator"], counts["total"]
    return {
        "frequent:year": holds(total, by, frequent["year"]),
        "frequent:window": holds(counts["most_in_window"], by, frequent["window"]),
        "frequent:planned": holds(counts["planned"], by, frequent["planned"]),
        "warning:year": (total >= warning["year_from"]) & (total <= warning["year_to"]),
        "warning:days_50": recent[warning["days_50"]] == warning["days_50_equals"],
        "warning:days_30": recent[warning["days_30"]] == warning["days_30_equals"],
    }


def _words(words: Sequence[str], places: np.ndarray) -> pd.Categorical:
    return pd.Categorical.from_codes(places, list(words))


def _official(
    held: Mapping[str, np.ndarray], is_frequent: np.ndarray, body: Mapping[str, Any]
) -> pd.Categorical:
    """The first label of the version's priority that holds, among those of the user's state."""
    words = list(dict.fromkeys([*FREQUENT_LABELS, *WARNING_LABELS]))
    label = np.full(len(is_frequent), -1, dtype=np.int64)
    for state, mine in (("warning", ~is_frequent), ("frequent", is_frequent)):
        for one in reversed(body["priority"][state]):
            label[held[f"{state}:{one}"] & mine] = words.index(one)
    return _words(words, label)


def _joined(held: Mapping[str, np.ndarray]) -> pd.Categorical:
    """All labels of each user, parted by ';'. Few combinations exist, so each is written once."""
    names = list(held)
    bits = sum(flags.astype(np.int64) << place for place, flags in enumerate(held.values()))
    found, places = np.unique(bits, return_inverse=True)
    words = [";".join(name for place, name in enumerate(names) if one >> place & 1) for one in found.tolist()]
    return _words(words, places)


def _fourth(year: Mapping[str, np.ndarray], users: int, body: Mapping[str, Any]) -> np.ndarray:
    """Day of each user's 4th row of the year, or whichever the version warns from."""
    found = np.full(users, NEVER)
    nth = _rank(year["user"]) == body["warning"]["year_from"]
    found[year["user"][nth]] = year["day"][nth]
    return found


def _too_often_since(year: Mapping[str, np.ndarray], users: int, body: Mapping[str, Any]) -> np.ndarray:
    """Day of the row with which the first of a user's frequent labels came to hold."""
    frequent, user, planned = body["frequent"], year["user"], year["is_planned"]
    by = frequent["operator"]
    too_often = holds(_rank(user), by, frequent["year"]) | holds(year["in_window"], by, frequent["window"])
    too_often[planned] |= holds(_rank(user[planned]), by, frequent["planned"])
    found = np.full(users, NEVER)
    np.minimum.at(found, user[too_often], year["day"][too_often])
    return found


def _rank(users: np.ndarray) -> np.ndarray:
    """1 for the first row of each user, 2 for the second ...; rows sorted by user."""
    if not len(users):
        return np.zeros(0, dtype=np.int64)
    begins = np.flatnonzero(np.concatenate(([True], users[1:] != users[:-1])))
    return np.arange(len(users)) - np.repeat(begins, np.diff(np.append(begins, len(users)))) + 1


def keep_first_day(listed: pd.DataFrame, before: pd.DataFrame) -> np.ndarray:
    """Day from which each row of `listed` is warned: that of the list before while its state is the same.

    before has user, state and warned_on of the month-end before, of the same year; listed has user, state
    and triggered_on.
    """
    user, own = listed["user"].to_numpy(), listed["triggered_on"].to_numpy()
    size = int(max(user.max(initial=-1), before["user"].max() if len(before) else -1)) + 1
    is_frequent, day = np.zeros(size, dtype=bool), np.full(size, np.datetime64("NaT"), dtype="datetime64[s]")
    is_frequent[before["user"]] = before["state"].to_numpy() == "frequent"
    day[before["user"]] = pd.to_datetime(before["warned_on"]).to_numpy()
    same = is_frequent[user] == (listed["state"].to_numpy() == "frequent")
    return np.where(same & ~np.isnat(day[user]), day[user], own)


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


def newcomers(changed: pd.DataFrame) -> tuple[int, int]:
    """How many of changes() came to the frequent list, also from the warning list, and to the warning list.

    The two lists are not one: 45 "new" of which 43 only begin to be warned would alarm for nothing.
    """
    is_new = changed["state"].ne(changed["state_before"])
    warned = changed["state"].eq("warning") & changed["state_before"].ne("frequent")  # fewer is no newcomer
    return int((changed["state"].eq("frequent") & is_new).sum()), int((warned & is_new).sum())


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
