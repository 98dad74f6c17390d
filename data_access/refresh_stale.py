"""A refresh of what is marked: rectangles of units and months, each with the units above."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import ModuleType

import pandas as pd
from sqlalchemy import Connection, Engine

from data_access import kpi_rows, refresh_leftovers, refresh_plan
from data_access.kpi_rows import Last
from data_access.measures.builders import stage as stage_of
from data_access.measures.request import Request
from data_access.packed import Packed, difference, pack, together
from data_access.refresh_basis import Basis
from data_access.refresh_plan import LastRun, Work
from data_access.refresh_values import covered, needs, own_values, requests, store, stores
from data_access.roll_up import totals
from data_access.stale import Mark
from domain.kpis import COVERED
from domain.periods import add_months, last_day, months_between

MONTHS_COMPARED = 6  # at a time, so that all old rows never lie in memory with all new ones
WORKS_AT_ONCE = 2  # while one waits for its database, on SQLite for a statement, the other goes on


def write(
    engine: Engine,
    holder: str,
    basis: Basis,
    builders: Sequence[ModuleType],
    marks: Iterable[Mark],
    last_run: LastRun,
    last: Last,
) -> tuple[int, frozenset[int]]:
    """Write what the marks ask for and is not there yet; rows that changed, and the units asked for."""
    works = refresh_plan.works(basis, builders, marks, last_run)
    changes = _changes(engine, holder, basis, [_asked(engine, basis, work) for work in works])
    for units, first, end in refresh_plan.coverage_work(basis, marks, last_run):
        rows = covered(basis, units)
        within = rows["period_start"].between(pd.Timestamp(first), pd.Timestamp(last_day(end)))
        names = [COVERED + need for need in needs()]
        there = kpi_rows.stored(engine, units, names, first, end)
        changes.append(_Changes(units, *([one] for one in difference(there, pack(rows[within])))))

    def finish(connection: Connection, count: int) -> None:
        refresh_leftovers.remove_facts(connection, basis, last_run)
        last(connection, count)

    gone, new = ([packed for one in changes for packed in getattr(one, of)] for of in ("gone", "new"))
    count = kpi_rows.write(engine, holder, basis, gone, new, finish)
    return count, frozenset().union(*(one.units for one in changes))


@dataclass(frozen=True)
class _Changes:
    """Units that were computed; rows of theirs that go, and that come or have another value."""

    units: frozenset[int]
    gone: Sequence[Packed]
    new: Sequence[Packed]


@dataclass(frozen=True)
class _Asked:
    """A work, its units with all above them, and what its builder is asked for these."""

    work: Work
    units: frozenset[int]
    requests: Sequence[Request]


def _asked(engine: Engine, basis: Basis, work: Work) -> _Asked:
    units = work.units.union(*(basis.tree.above(unit) for unit in work.units))
    return _Asked(work, units, requests(engine, basis, work.builder, units, work.first, work.last))


def _changes(engine: Engine, holder: str, basis: Basis, works: Sequence[_Asked]) -> list[_Changes]:
    """Those of each work; the tables of a stage are stored while all is counted that needs none of them."""
    with ThreadPoolExecutor(WORKS_AT_ONCE) as beside:
        found: list[Future[_Changes]] = []
        ready: list[_Asked] = []
        for stage in sorted({stage_of(one.work.builder) for one in works}):
            some = [one for one in works if stage_of(one.work.builder) == stage]
            storing = [one for one in some if stores(one.work.builder)]
            stored = [beside.submit(store, engine, holder, one.work.builder, one.requests) for one in storing]
            ready += [one for one in some if one not in storing]
            found += [beside.submit(_changed, engine, basis, one) for one in ready]
            for one in stored:
                one.result()
            ready = storing
        found += [beside.submit(_changed, engine, basis, one) for one in ready]
        return [one.result() for one in found]


def _changed(engine: Engine, basis: Basis, asked: _Asked) -> _Changes:
    """What differs for the work's units and all above them."""
    work, units = asked.work, asked.units
    below = {child for unit in units for child in basis.tree.children.get(unit, ())} - units
    # Of units that are not computed again, straight below some that are.
    known = kpi_rows.stored(engine, below, work.builder.MEASURES, work.first, work.last)
    own = pack(own_values(engine, work.builder, asked.requests))
    found = totals(together([own, known]), basis.tree, units)
    gone, new = [], []
    for start in months_between(work.first, work.last)[::MONTHS_COMPARED]:
        end = min(add_months(start, MONTHS_COMPARED - 1), work.last)
        there = kpi_rows.stored(engine, units, work.builder.MEASURES, start, end)
        less, more = difference(there, found.between(start, last_day(end)))
        gone.append(less)
        new.append(more)
    return _Changes(units, gone, new)
