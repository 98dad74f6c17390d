"""A refresh of what is marked: rectangles of units and months, each with the units above."""

from collections.abc import Iterable, Sequence
from functools import partial
from types import ModuleType

import pandas as pd
from sqlalchemy import Connection, Engine, select

from data_access import kpi_rows, refresh_leftovers, refresh_plan
from data_access.at_work import working_beside
from data_access.engine import bare_rows
from data_access.kpi_rows import Last, Part, conditions
from data_access.measures.builders import stage as stage_of
from data_access.measures.request import COLUMNS
from data_access.refresh_basis import Basis
from data_access.refresh_plan import LastRun, Work
from data_access.refresh_values import covered, joined, needs, own_values
from data_access.roll_up import pack, totals
from data_access.stale import Mark
from data_access.tables.kpi import kpi_facts
from data_access.transactions import reading_all
from domain.kpis import COVERED
from domain.periods import last_day

WORKS_AT_ONCE = 2


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
    with working_beside(engine, WORKS_AT_ONCE) as beside:
        works = refresh_plan.works(basis, builders, marks, last_run)
        parts = []
        for stage in sorted({stage_of(one.builder) for one in works}):
            some = [one for one in works if stage_of(one.builder) == stage]
            parts += beside.map(partial(_part, engine, holder, basis), some)
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


def _part(engine: Engine, holder: str, basis: Basis, work: Work) -> Part:
    """The work's units and all above them, as they are to be."""
    units = work.units.union(*(basis.tree.above(unit) for unit in work.units))
    own = own_values(engine, holder, basis, work.builder, units, work.first, work.last)
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
