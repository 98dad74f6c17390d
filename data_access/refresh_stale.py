"""A refresh of what is marked: rectangles of units and months, each with the units above."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import ModuleType

import pandas as pd
from sqlalchemy import Connection, Engine, select

from data_access import kpi_rows, refresh_leftovers, refresh_plan
from data_access.engine import bare_rows
from data_access.kpi_rows import Last, Part, conditions
from data_access.measures.builders import stage as stage_of
from data_access.measures.request import COLUMNS, Request
from data_access.refresh_basis import Basis
from data_access.refresh_plan import LastRun, Work
from data_access.refresh_values import covered, joined, needs, own_values, requests, store, stores
from data_access.roll_up import pack, totals
from data_access.stale import Mark
from data_access.tables.kpi import kpi_facts
from data_access.transactions import reading_all
from domain.kpis import COVERED
from domain.periods import last_day

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
    """Replace what the marks ask for; rows written and their units."""
    works = refresh_plan.works(basis, builders, marks, last_run)
    parts = _parts(engine, holder, basis, [_asked(engine, basis, work) for work in works])
    for units, first, end in refresh_plan.coverage_work(basis, marks, last_run):
        rows = covered(basis, units)
        within = rows["period_start"].between(pd.Timestamp(first), pd.Timestamp(last_day(end)))
        names = [COVERED + need for need in needs()]
        parts.append(Part(tuple(units), names, first, end, [pack(rows[within])]))

    def finish(connection: Connection, count: int) -> None:
        refresh_leftovers.remove_facts(connection, basis, last_run)
        last(connection, count)

    count = kpi_rows.write(engine, holder, basis, parts, finish)
    return count, frozenset().union(*(part.units for part in parts))


@dataclass(frozen=True)
class _Asked:
    """A work, its units with all above them, and what its builder is asked for these."""

    work: Work
    units: frozenset[int]
    requests: Sequence[Request]

    @property
    def stores(self) -> bool:
        return stores(self.work.builder)


def _asked(engine: Engine, basis: Basis, work: Work) -> _Asked:
    units = work.units.union(*(basis.tree.above(unit) for unit in work.units))
    return _Asked(work, units, requests(engine, basis, work.builder, units, work.first, work.last))


def _parts(engine: Engine, holder: str, basis: Basis, works: Sequence[_Asked]) -> list[Part]:
    """The rows of each work; the tables of a stage are stored while the stage before is counted."""
    with ThreadPoolExecutor(WORKS_AT_ONCE) as beside:
        found: list[Future[Part]] = []
        ready: list[_Asked] = []
        for stage in sorted({stage_of(one.work.builder) for one in works}):
            some = [one for one in works if stage_of(one.work.builder) == stage]
            stored = [
                beside.submit(store, engine, holder, one.work.builder, one.requests)
                for one in some
                if one.stores
            ]
            found += [beside.submit(_part, engine, basis, one) for one in ready]
            for one in stored:
                one.result()
            ready = some
        found += [beside.submit(_part, engine, basis, one) for one in ready]
        return [one.result() for one in found]


def _part(engine: Engine, basis: Basis, asked: _Asked) -> Part:
    """The work's units and all above them, as they are to be."""
    work, units = asked.work, asked.units
    own = own_values(engine, work.builder, asked.requests)
    measures = sorted(work.builder.MEASURES)
    below = {child for unit in units for child in basis.tree.children.get(unit, ())} - units
    known = _stored(engine, below, measures, work)
    found = totals(pack(joined([own, known])), basis.tree, units)
    return Part(tuple(units), measures, work.first, work.last, [found])


def _stored(engine: Engine, units: set[int], measures: Sequence[str], work: Work) -> pd.DataFrame:
    """Stored totals of units that are not computed again, straight below some that are."""
    if not units:
        return joined([])
    columns = [kpi_facts.c[name] for name in COLUMNS]
    frames = []
    with reading_all(engine) as connection:
        for condition in conditions(units, measures, work.first, work.last):
            blocks = bare_rows(connection, select(*columns).where(condition))
            rows = list(zip(*(row for block in blocks for row in block), strict=True))
            frames.append(pd.DataFrame(dict(zip(COLUMNS, rows, strict=True)) if rows else None))
    found = joined(frames)
    return found.assign(period_start=pd.to_datetime(found["period_start"]))
