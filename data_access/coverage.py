"""How many days of each month a source covers, per unit: the difference between zero and missing.

Events (outages, promises, notices ...) are covered where an import states so, for a unit and all below; a
unit above is covered on the days on which all its open children are. Stocks (customers, lines, areas) are
known or not known for a whole month.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from data_access import coverage_of_stocks
from data_access.measures.request import COLUMNS
from data_access.roll_up import Tree
from data_access.tables.condition import OF_CONDITION
from data_access.tables.imports import source_coverage
from data_access.tables.org import customers_served
from domain.kpis import COVERED
from domain.periods import add_months, days_in, last_day, month_of, months_between

STOCKS = ("customers_served", "lines", "areas")
OUTAGES = "outages"
NO_FIGURES = {"major_event_dates", *(table.name for table in OF_CONDITION)}
SAME_AS = {"outages.promised_at": "promises"}
ALSO = {"promises": ("promises.revisions",)}  # each time told, not only the one that an outage carries

Interval = tuple[int, date, date]  # unit, first day, last day


@dataclass(frozen=True)
class Span:
    """The months that figures exist for, and the last day of data."""

    first_month: date
    last_month: date
    as_of_day: date


@dataclass(frozen=True)
class Coverage:
    """days[source][place[unit], month index] = covered days."""

    place: Mapping[int, int]
    months: tuple[date, ...]
    days: Mapping[str, np.ndarray]

    def of(self, unit: int, source: str, month: date) -> int:
        """Covered days of the month; 0 where nothing is known of the source."""
        if source not in self.days or not self.months[0] <= month <= self.months[-1]:
            return 0
        return int(self.days[source][self.place[unit], self.months.index(month)])

    def is_full(self, unit: int, source: str, month: date) -> bool:
        """Whether every day of the month is covered."""
        return self.of(unit, source, month) == days_in(month)


def covered_wholly(
    coverage: Coverage, source: str, units: Sequence[int], months: Sequence[date]
) -> np.ndarray:
    """[unit, month]: the source covers every day of the month; never outside the months of the coverage."""
    found = np.zeros((len(units), len(months)), dtype=bool)
    known = {month: at for at, month in enumerate(coverage.months)}
    columns = [at for at, month in enumerate(months) if month in known]
    if source in coverage.days and columns:
        places = [coverage.place[unit] for unit in units]
        days = coverage.days[source][np.ix_(places, [known[months[at]] for at in columns])]
        found[:, columns] = days == np.array([days_in(months[at]) for at in columns])
    return found


def is_event(source: str) -> bool:
    """Whether the source has facts of single days."""
    return source.partition(".")[0] not in STOCKS


def intervals(connection: Connection) -> dict[str, list[Interval]]:
    """What imports state, by source."""
    found: dict[str, list[Interval]] = {}
    for row in connection.execute(select(source_coverage)):
        for source in (SAME_AS.get(row.source, row.source), *ALSO.get(row.source, ())):
            found.setdefault(source, []).append((row.org_unit_id, row.covers_from, row.covers_to))
    return found


def span(connection: Connection, stated: Mapping[str, list[Interval]]) -> Span | None:
    """From the first to the last month with data; None without any.

    The last day is the last one that outages cover, else the last of any event source: plans may be
    published for days to come. Without events the stocks' months count.
    """
    events = {source: rows for source, rows in stated.items() if is_event(source)}
    for source in list(events):  # what figures are judged by, and what they do not come from
        if source.partition(".")[0] in NO_FIGURES:
            del events[source]
    judged = [events[OUTAGES]] if events.get(OUTAGES) else events.values()
    ends = [end for rows in judged for _, _, end in rows]
    known = customers_served.c.month
    first_stock, last_stock = connection.execute(select(func.min(known), func.max(known))).one()
    starts = [start for rows in events.values() for _, start, _ in rows]
    starts += [first_stock] if first_stock else []
    if not starts:
        return None
    as_of = max(ends) if ends else last_day(last_stock)
    return Span(min(month_of(min(starts)), month_of(as_of)), month_of(as_of), as_of)


def compute(
    connection: Connection, tree: Tree, stated: Mapping[str, list[Interval]], first: date, last: date
) -> Coverage:
    """Coverage of every source, unit and month from first to last, without major_events."""
    months = months_between(first, last)
    place = {unit: at for at, unit in enumerate(sorted(tree.units))}
    is_open = _open_days(tree, place, months)
    days: dict[str, np.ndarray] = {}
    same: dict[tuple, np.ndarray] = {}
    for source, rows in stated.items():
        if is_event(source):
            key = tuple(sorted(set(rows)))
            if key not in same:
                same[key] = events(tree, place, months, rows, is_open)
            days[source] = same[key]
    result = Coverage(place, months, days)
    days.update(coverage_of_stocks.customers(connection, tree, place, months))
    days.update(coverage_of_stocks.network(connection, tree, place, months, stated))
    return result


def _open_days(tree: Tree, place: Mapping[int, int], months: tuple[date, ...]) -> np.ndarray:
    """[unit, day]: the unit exists."""
    first, after = months[0], add_months(months[-1], 1)
    result = np.ones((len(place), (after - first).days), bool)
    for unit in tree.units.values():
        if unit.opened_on and unit.opened_on > first:
            result[place[unit.id], : (min(unit.opened_on, after) - first).days] = False
        if unit.closed_on and unit.closed_on < after:
            result[place[unit.id], max((unit.closed_on - first).days, 0) :] = False
    return result


def events(
    tree: Tree,
    place: Mapping[int, int],
    months: tuple[date, ...],
    rows: Iterable[Interval],
    is_open: np.ndarray | None = None,
) -> np.ndarray:
    """Covered days by unit and month of one event source."""
    is_open = _open_days(tree, place, months) if is_open is None else is_open
    first, after = months[0], add_months(months[-1], 1)
    covered = np.zeros_like(is_open)
    for unit, start, end in rows:
        if start < after and end >= first:
            covered[place[unit], max((start - first).days, 0) : (end - first).days + 1] = True
    downwards = sorted(tree.units, key=lambda unit: tree.depth[unit])
    for unit in downwards:
        if (parent := tree.parent[unit]) is not None:
            covered[place[unit]] |= covered[place[parent]]
    for unit in reversed(downwards):
        below = [place[child] for child in tree.children.get(unit, ())]
        if below and not covered[place[unit]].all():
            each = covered[below] | ~is_open[below]
            covered[place[unit]] |= each.all(axis=0) & is_open[below].any(axis=0)
    starts = [(month - first).days for month in months]
    # In bytes, which hold the days of a month: wider ones take longer to come by than to add up.
    return np.add.reduceat(covered.view(np.uint8), starts, axis=1, dtype=np.uint8).astype(np.int64)


def adding(coverage: Coverage, tree: Tree, source: str, rows: Iterable[Interval]) -> Coverage:
    """The coverage with one more source of events."""
    found = events(tree, coverage.place, coverage.months, rows)
    return replace(coverage, days={**coverage.days, source: found})


def as_values(coverage: Coverage, units: Iterable[int]) -> pd.DataFrame:
    """Rows covered:<source> of the units, as own values; they are not rolled up."""
    names = np.array(sorted(set(units)), np.int64)
    places = np.array([coverage.place[unit] for unit in names.tolist()], np.int64)
    blocks = []
    for source, days in coverage.days.items():
        part = days[places]
        at_unit, at_month = np.nonzero(part)
        blocks.append(
            pd.DataFrame(
                {
                    "org_unit_id": names[at_unit],
                    "measure": COVERED + source,
                    "period_start": pd.to_datetime(np.array(coverage.months, "datetime64[D]"))[at_month],
                    "value": part[at_unit, at_month],
                }
            )
        )
    blocks = [block for block in blocks if len(block)]
    if not blocks:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(blocks, ignore_index=True).assign(dimension="", member="", grain="month")[COLUMNS]
