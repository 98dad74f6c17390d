"""The rows of kpi_facts as numpy rows over months, with what covers them. domain/ratios.py divides them.

A page reads some 60 measures x 36 months and asks for 40 KPIs; group-bys of a frame would be too slow.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from domain import frequent_outage, rule_sets
from domain.kpis import COVERED, Measure
from domain.periods import Period, add_months, days_in, month_of, months_between
from domain.rule_sets import RuleVersion

LOOKING_BACK = ("frequent_outage", "notices")  # rule sets that say how far windows reach
Rules = Mapping[str, Sequence[RuleVersion]]  # published versions by rule set; version 1 where none is given


@dataclass(frozen=True)
class Facts:
    """Months from the first to the last that was read; make one per read with facts().

    rows maps (org_unit_id, measure, member) to integers, one per month of `months`; zeros stand for no row.
    rules: those of LOOKING_BACK.
    """

    months: tuple[date, ...]
    days: np.ndarray  # of each month
    is_open: np.ndarray  # months after the last complete month of the data
    rows: Mapping[tuple[int, str, str], np.ndarray]
    zeros: np.ndarray
    units: tuple[int, ...]
    rules: Rules = field(default_factory=dict)

    def row(self, unit_id: int, measure: str, member: str = "") -> np.ndarray:
        """The measure's integers, one per month."""
        return self.rows.get((unit_id, measure, member), self.zeros)

    def position(self, month: date) -> int:
        """Index of the month in `months`; below 0 or beyond the end where it was not read."""
        if not self.months:
            return -1
        first = self.months[0]
        return (month.year - first.year) * 12 + month.month - first.month

    def span(self, period: Period) -> tuple[int, int]:
        """Positions of the period's months that were read, as a slice."""
        low, high = self.position(period.first), self.position(period.last) + 1
        return max(0, min(low, len(self.months))), max(0, min(high, len(self.months)))

    def coverage(self, unit_id: int, needs: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
        """(any day is covered, every day is and the month is over) by all needs, per month."""
        any_day = np.ones(len(self.months), dtype=bool)
        every_day = ~self.is_open
        for need in needs:
            days = self.row(unit_id, COVERED + need)
            any_day = any_day & (days > 0)
            every_day = every_day & (days >= self.days)
        return any_day, every_day


def facts(frame: pd.DataFrame, last_complete: date | None = None, rules: Rules | None = None) -> Facts:
    """Facts of a frame [org_unit_id, measure, member, month, value] incl. its covered:<source> rows.

    last_complete: DataState.last_complete_month; later months count as open. None: coverage alone decides.
    """
    if frame.empty:
        nothing = np.zeros(0, dtype=np.int64)
        return Facts((), nothing, nothing.astype(bool), {}, nothing, ())
    month_codes, found = pd.factorize(frame["month"])
    dates = [date(one.year, one.month, 1) for one in found]
    months = months_between(min(dates), max(dates))
    places = {month: place for place, month in enumerate(months)}
    columns = np.array([places[one] for one in dates])[month_codes]
    keys: dict[tuple[int, str, str], int] = {}
    named = zip(
        frame["org_unit_id"].tolist(), frame["measure"].tolist(), frame["member"].tolist(), strict=True
    )
    lines = [keys.setdefault(key, len(keys)) for key in named]
    table = np.zeros((len(keys), len(months)), dtype=np.int64)
    np.add.at(table, (lines, columns), frame["value"].to_numpy(dtype=np.int64))
    is_open = np.array([last_complete is not None and month > last_complete for month in months])
    return Facts(
        months,
        np.array([days_in(month) for month in months]),
        is_open,
        {key: table[line] for key, line in keys.items()},
        np.zeros(len(months), dtype=np.int64),
        tuple(dict.fromkeys(unit for unit, _, _ in keys)),
        rules or {},
    )


def window_days(month: date, rules: Rules) -> int:
    """Days that planned outages look back from the month's end, by the version of the month."""
    return _body("notices", month, rules)["repeated_planned"]["days"]


def window_months(measure: Measure, month: date, rules: Rules) -> int:
    """Number of months up to `month` that the measure's window before the month's end touches.

    A list of the calendar year looks back over New Year, and what it finds there holds all year.
    """
    if measure.window == "12m":
        return 12
    if measure.window == "year":
        first_day = frequent_outage.first_day(month.year, _body("frequent_outage", month, rules))
    elif measure.window == "days":
        first_day = add_months(month, 1) - timedelta(days=window_days(month, rules))
    else:
        return 1
    return len(months_between(month_of(first_day), month))


def _body(rule_set: str, month: date, rules: Rules) -> Mapping[str, Any]:
    versions = rules.get(rule_set) or [rule_sets.first_version(rule_set)]
    return rule_sets.version_on(versions, month).body


def runs(complete: np.ndarray, lengths: Iterable[int]) -> np.ndarray:
    """For each month whether it and the lengths - 1 months before it are complete (and were read)."""
    before = np.concatenate(([0], np.cumsum(complete)))
    last = np.arange(len(complete)) + 1
    length = np.fromiter(lengths, dtype=np.int64, count=len(complete))
    return (last >= length) & (before[last] - before[np.maximum(last - length, 0)] == length)
