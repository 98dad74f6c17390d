"""The months that a proof compares, and the outages of all objects in them.

Whole months only. The months between creation and the end of the works belong to neither window: what was
repaired in haste, or switched off for the works, is neither the old state nor the new one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from domain.periods import add_months, month_of, months_between

OUTCOMES = ("outages", "customers", "customer_s")


@dataclass(frozen=True)
class Panel:
    """Sustained outages without major event days, one row per object (line or area), one column per month.

    amounts: by outcome (outages; customers interrupted; customer_s, customer-seconds) an array of objects x
    months, nan where not known: no outage in a covered month is 0. peer_group: (objects,) equal where
    objects are peers, same kind and city bureau. cluster: (objects,) equal where objects go out together
    (areas of one line); of lines each its own. in_works: objects x months, true from the month in which works
    on the object began to the one in which they were done; true to the end while they last.
    """

    months: tuple[date, ...]
    amounts: Mapping[str, np.ndarray]
    peer_group: np.ndarray
    cluster: np.ndarray
    in_works: np.ndarray

    def columns(self, months: Iterable[date]) -> list[int]:
        """Places of the months that the panel has."""
        place = {month: number for number, month in enumerate(self.months)}
        return [place[month] for month in months if month in place]

    def known(self, outcome: str, at: Any) -> np.ndarray:
        """True where outages and their amount of the outcome are known. at: what of objects x months."""
        return ~np.isnan(self.amounts["outages"][at]) & ~np.isnan(self.amounts[outcome][at])

    def untreated(self, before: Iterable[date], after: Iterable[date]) -> np.ndarray:
        """objects x months of `after`: true where no works had touched the object since `before` began.

        An object counts up to the month before its works begin, so that those who were taken up because they
        got worse are not missing from the comparison.
        """
        columns = self.columns(after)
        first = min([*self.columns(before), *columns], default=0)
        touched = np.logical_or.accumulate(self.in_works[:, first:], axis=1)
        return ~touched[:, [one - first for one in columns]]


def panel(
    rows: pd.DataFrame,
    objects: pd.DataFrame,
    known: np.ndarray,
    months: tuple[date, ...],
    works: pd.DataFrame,
) -> Panel:
    """The panel of facts as they are stored, where a month without an outage may have no row.

    rows: object, month, outages, customers, customer_s; other objects and months are left out. objects: index
    object, columns peer_group, cluster. known: objects x months in their order, true where covered. works:
    object, first_month, last_month (None while they last), one row for each time.
    """
    place = {month: number for number, month in enumerate(months)}
    row_of = {key: number for number, key in enumerate(objects.index)}
    inside = rows[rows["object"].isin(row_of) & rows["month"].isin(place)]
    at = inside["object"].map(row_of).to_numpy(int), inside["month"].map(place).to_numpy(int)
    amounts = {}
    for outcome in OUTCOMES:
        amount = np.zeros(known.shape)
        np.add.at(amount, at, inside[outcome].to_numpy(float))
        amounts[outcome] = np.where(known, amount, np.nan)
    in_works = np.zeros(known.shape, dtype=bool)
    for key, first, last in zip(works["object"], works["first_month"], works["last_month"], strict=True):
        if key in row_of:
            ends = months[-1] if pd.isna(last) else last
            in_works[row_of[key]] |= [first <= month <= ends for month in months]
    groups = [pd.factorize(objects[name])[0] for name in ("peer_group", "cluster")]
    return Panel(months, amounts, *groups, in_works)


def before_window(created_on: date, rules: Mapping[str, Any]) -> tuple[date, date]:
    """First and last of the whole months before the creation that an item is compared with.

    They are kept with the item. rules: the version of rule set proof of that day.
    """
    last = add_months(month_of(created_on), -1)
    return add_months(last, 1 - rules["windows"]["before_months"]), last


def after_window(done_on: date, last_month: date, rules: Mapping[str, Any]) -> tuple[date, ...]:
    """The whole months since the works were done, from the first full one, as many as a proof may use.

    Works done on the first day of a month leave that month out too. last_month: the last whole month of data.
    """
    first = add_months(month_of(done_on), 1)
    return months_between(first, min(last_month, add_months(first, rules["windows"]["final_from"] - 1)))


def same_season(before: Iterable[date], after: Iterable[date]) -> tuple[date, ...]:
    """The months of `before` that have the calendar months of `after`: June for June."""
    numbers = {month.month for month in after}
    return tuple(month for month in before if month.month in numbers)


def stage(months: int, rules: Mapping[str, Any]) -> str:
    """How far a proof is with so many months after the works: too_early, provisional or final."""
    limits = rules["windows"]
    if months >= limits["final_from"]:
        return "final"
    return "provisional" if months >= limits["provisional_from"] else "too_early"
