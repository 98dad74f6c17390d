"""A refresh of what is marked: rectangles of units and months, each with the units above."""

from collections.abc import Iterable, Sequence
from types import ModuleType

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, delete, select

from data_access import kpi_rows, refresh_plan
from data_access.engine import bare_rows, reading
from data_access.kpi_rows import Last, Part, conditions, last_day
from data_access.measures.request import COLUMNS
from data_access.refresh_basis import Basis
from data_access.refresh_plan import LastRun, Work
from data_access.refresh_values import covered, joined, needs, own_values
from data_access.roll_up import pack, totals
from data_access.stale import COVERED, Mark
from data_access.tables.kpi import kpi_facts


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
    parts = [_part(engine, basis, work) for work in refresh_plan.works(basis, builders, marks, last_run)]
    for units, first, end in refresh_plan.coverage_work(basis, marks, last_run):
        rows = covered(basis, units)
        within = rows["period_start"].between(pd.Timestamp(first), pd.Timestamp(last_day(end)))
        names = [COVERED + need for need in needs()]
        parts.append(Part(tuple(units), names, first, end, [pack(rows[within])]))

    def finish(connection: Connection, count: int) -> None:
        for condition in _outside(basis, last_run):
            connection.execute(delete(kpi_facts).where(condition))
        last(connection, count)

    count = kpi_rows.write(engine, holder, basis, parts, finish)
    return count, frozenset().union(*(part.units for part in parts))


def _part(engine: Engine, basis: Basis, work: Work) -> Part:
    """The work's units and all above them, as they are to be."""
    units = work.units.union(*(basis.tree.above(unit) for unit in work.units))
    own = own_values(engine, basis, work.builder, units, work.first, work.last)
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
    with reading(engine) as connection:
        for condition in conditions(units, measures, work.first, work.last):
            blocks = bare_rows(connection, select(*columns).where(condition))
            rows = list(zip(*(row for block in blocks for row in block), strict=True))
            frames.append(pd.DataFrame(dict(zip(COLUMNS, rows, strict=True)) if rows else None))
    found = joined(frames)
    return found.assign(period_start=pd.to_datetime(found["period_start"]))


def _outside(basis: Basis, last_run: LastRun) -> list[ColumnElement[bool]]:
    """Rows of months that no longer belong to the data, e.g. after an undo."""
    start, end = basis.span.first_month, last_day(basis.span.last_month)
    found = []
    if last_run.first_month is not None and last_run.first_month < start:
        found.append(kpi_facts.c.period_start < start)
    if last_run.last_month is not None and last_day(last_run.last_month) > end:
        found.append(kpi_facts.c.period_start > end)
    return found
