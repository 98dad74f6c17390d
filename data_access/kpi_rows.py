"""Replaces rows of kpi_facts, in transactions of seconds at most.

Every transaction renews the lease first, so a process that lost it writes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Engine, and_, delete

from data_access import arrow_rows, lease
from data_access.refresh_basis import Basis
from data_access.roll_up import EPOCH, SERIES, Packed
from data_access.tables.kpi import kpi_facts
from data_access.transactions import writing_all
from domain.kpis import catalogue
from domain.periods import last_day

ROWS_AT_ONCE = 200_000  # in one transaction, so that other writers wait seconds at most
ROW = ["org_unit_id", "measure", "dimension", "grain", "period_start", "member", "bureau_id", "value"]

Last = Callable[[Connection, int], None]  # what the last transaction does too, given the rows written


@dataclass(frozen=True)
class Part:
    """All rows of these units, measures and months, as they are to be. measures None: whatever is there."""

    units: Sequence[int]
    measures: Sequence[str] | None
    first: date
    last: date
    packs: Sequence[Packed]

    @property
    def rows(self) -> int:
        return sum(len(one.unit) for one in self.packs)


def write(engine: Engine, holder: str, basis: Basis, parts: Iterable[Part], last: Last | None = None) -> int:
    """Replace the rows of the parts; how many were written."""
    small = [one for part in _together(parts) for one in _split(part)]
    count, waiting = 0, small
    while waiting or last is not None:
        taken, rows = 0, 0
        while taken < len(waiting) and (taken == 0 or rows + waiting[taken].rows <= ROWS_AT_ONCE):
            rows += waiting[taken].rows
            taken += 1
        now, waiting = waiting[:taken], waiting[taken:]
        with writing_all(engine) as connection:
            lease.renew(connection, holder)
            for part in now:
                _replace(connection, basis, part)
            count += rows
            if not waiting and last is not None:
                last(connection, count)
                last = None
    return count


def _replace(connection: Connection, basis: Basis, part: Part) -> None:
    for condition in conditions(part.units, part.measures, part.first, part.last):
        connection.execute(delete(kpi_facts).where(condition))
    for packed in part.packs:
        arrow_rows.write(connection, kpi_facts, _rows(packed, basis))


def _together(parts: Iterable[Part]) -> list[Part]:
    """The parts, those of the same units and months as one: so fewer statements replace them."""
    alike: dict[tuple, list[Part]] = {}
    for part in parts:
        key = (tuple(sorted(part.units)), part.first, part.last, part.measures is None)
        alike.setdefault(key, []).append(part)
    return [
        Part(
            units,
            None if is_everything else [name for one in several for name in one.measures],
            first,
            last,
            [packed for one in several for packed in one.packs],
        )
        for (units, first, last, is_everything), several in alike.items()
    ]


def _split(part: Part) -> Iterator[Part]:
    """The part itself, or its units in groups of at most ROWS_AT_ONCE rows."""
    if part.rows <= ROWS_AT_ONCE:
        yield part
        return
    names = sorted(part.units)
    step = max(1, len(names) * ROWS_AT_ONCE // part.rows)
    ordered = [_by_unit(one) for one in part.packs]
    for start in range(0, len(names), step):
        units = names[start : start + step]
        packs = [_between(one, units[0], units[-1]) for one in ordered]
        yield Part(units, part.measures, part.first, part.last, packs)


def _by_unit(packed: Packed) -> Packed:
    order = np.argsort(packed.unit, kind="stable")
    return packed.taken(order)


def _between(packed: Packed, first_unit: int, last_unit: int) -> Packed:
    low = np.searchsorted(packed.unit, first_unit)
    return packed.taken(slice(low, np.searchsorted(packed.unit, last_unit, "right")))


def conditions(
    units: Iterable[int], measures: Iterable[str] | None, first: date, last: date
) -> list[ColumnElement[bool]]:
    """Conditions that together hold for all rows of units, measures and months; each can use the key."""
    of_units = kpi_facts.c.org_unit_id.in_(sorted(units))
    if measures is None:
        return [of_units]
    known = catalogue().measures
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for measure in measures:
        dimensions = ("", *known[measure].dimensions) if measure in known else ("",)
        grains = ("month", "day") if measure in known and known[measure].daily else ("month",)
        alike.setdefault((dimensions, grains), []).append(measure)
    return [
        and_(
            of_units,
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
