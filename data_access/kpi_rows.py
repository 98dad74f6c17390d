"""Reads and writes rows of kpi_facts, in transactions of seconds at most, each under the lease."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Engine, and_, bindparam, delete, select

from data_access import arrow_rows, lease
from data_access.packed import EPOCH, SERIES, Packed, pack, together
from data_access.refresh_basis import Basis
from data_access.tables.kpi import kpi_facts
from data_access.transactions import reading_all
from domain.kpis import catalogue
from domain.periods import last_day

ROWS_AT_ONCE = 200_000  # in one transaction, so that other writers wait seconds at most
ROW = ["org_unit_id", "measure", "dimension", "grain", "period_start", "member", "bureau_id", "value"]
KEY = ["org_unit_id", *SERIES, "period_start"]
READ = [*KEY, "value"]

Last = Callable[[Connection, int], None]  # what the last transaction does too, given the rows written


def stored(engine: Engine, units: Iterable[int], measures: Iterable[str], first: date, last: date) -> Packed:
    """The rows of these units, measures and months."""
    wanted = sorted(units)
    if not wanted:
        return pack(pd.DataFrame())
    statement = select(*(kpi_facts.c[name] for name in READ))
    with reading_all(engine) as connection:
        parts = [
            arrow_rows.read(connection, statement.where(condition))
            for condition in _conditions(wanted, measures, first, last)
        ]
    return together(pack(part.to_pandas(date_as_object=False)) for part in parts)


def replace(engine: Engine, holder: str, basis: Basis, units: Iterable[int], packs: Iterable[Packed]) -> int:
    """Replace all rows of the units; how many there are now. Raises Busy where the holder lost the lease."""
    rows = together(packs)
    for some in _groups(np.array(sorted(units)), rows):
        with lease.writing_as(engine, holder) as connection:
            connection.execute(delete(kpi_facts).where(kpi_facts.c.org_unit_id.in_(some.tolist())))
            arrow_rows.write(connection, kpi_facts, _rows(_of(rows, some), basis))
    return len(rows)


def write(
    engine: Engine, holder: str, basis: Basis, gone: Iterable[Packed], new: Iterable[Packed], last: Last
) -> int:
    """Delete rows, and insert rows or give those that are there their value; how many it were.

    A unit's rows change in one transaction. Raises Busy where the holder lost the lease.
    """
    before, after = together(gone), together(new)
    count = len(before) + len(after)
    *groups, end = _groups(np.union1d(before.unit, after.unit), before, after)
    for some in groups:
        with lease.writing_as(engine, holder) as connection:
            _change(connection, basis, _of(before, some), _of(after, some))
    with lease.writing_as(engine, holder) as connection:
        _change(connection, basis, _of(before, end), _of(after, end))
        last(connection, count)
    return count


def _groups(units: np.ndarray, *packs: Packed) -> Sequence[np.ndarray]:
    """The sorted units in groups of about ROWS_AT_ONCE rows; one empty group of none."""
    counts = sum(
        np.searchsorted(one.unit, units, "right") - np.searchsorted(one.unit, units) for one in packs
    )
    number = (np.cumsum(counts) - 1).clip(0) // ROWS_AT_ONCE
    return [units[number == one] for one in np.unique(number)] or [units]


def _of(packed: Packed, units: np.ndarray) -> Packed:
    """The rows of neighbours in the order of units."""
    if not len(units):
        return packed.taken(slice(0))
    low = np.searchsorted(packed.unit, units[0])
    return packed.taken(slice(low, np.searchsorted(packed.unit, units[-1], "right")))


def _change(connection: Connection, basis: Basis, gone: Packed, new: Packed) -> None:
    same = [kpi_facts.c[name] == bindparam(f"a_{name}") for name in KEY]
    keys = zip(gone.unit.tolist(), gone.code.tolist(), gone.day.tolist(), strict=True)
    rows = [(unit, *gone.series[code], _date(day)) for unit, code, day in keys]
    if rows:
        named = [{f"a_{name}": one for name, one in zip(KEY, row, strict=True)} for row in rows]
        connection.execute(delete(kpi_facts).where(*same), named)
    arrow_rows.write(connection, kpi_facts, _rows(new, basis), replacing=True)


def _date(day: int) -> date:
    return (EPOCH + day).astype(date)


def _conditions(
    units: Sequence[int], measures: Iterable[str], first: date, last: date
) -> list[ColumnElement[bool]]:
    """Conditions that together hold for all rows of units, measures and months; each can use the key."""
    known = catalogue().measures
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for measure in sorted(measures):
        dimensions = ("", *known[measure].dimensions) if measure in known else ("",)
        grains = ("month", "day") if measure in known and known[measure].daily else ("month",)
        alike.setdefault((dimensions, grains), []).append(measure)
    return [
        and_(
            kpi_facts.c.org_unit_id.in_(units),
            kpi_facts.c.measure.in_(names),
            kpi_facts.c.dimension.in_(dimensions),
            kpi_facts.c.grain.in_(grains),
            kpi_facts.c.period_start.between(first, last_day(last)),
        )
        for (dimensions, grains), names in alike.items()
    ]


def _rows(packed: Packed, basis: Basis) -> pa.Table:
    """Rows of kpi_facts with the columns of ROW; put together by column, for there are millions."""
    measure, dimension, grain, member = (
        arrow_rows.texts(packed.code, [series[at] for series in packed.series]) for at in range(len(SERIES))
    )
    days, at_day = np.unique(packed.day, return_inverse=True)
    units, at_unit = np.unique(packed.unit, return_inverse=True)
    homes = [basis.tree.units[unit].bureau_id for unit in units.tolist()]
    columns = [
        packed.unit,
        measure,
        dimension,
        grain,
        arrow_rows.texts(at_day, [str(EPOCH + day) for day in days.tolist()]),
        member,
        arrow_rows.texts(at_unit, homes),
        packed.value,
    ]
    return pa.table(columns, names=ROW)
