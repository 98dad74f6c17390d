"""A refresh from nothing: every row anew, bureau by bureau, then what lies above the bureaus.

So the rows of one bureau lie in memory at a time, in each process, and readers find each unit either as it
was or as it is.
"""

import os
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Engine, func, select

from data_access import beside, kpi_rows, lease, refresh_leftovers
from data_access.at_work import uncollected
from data_access.engine import engine_for, is_sqlite
from data_access.kpi_rows import Last
from data_access.measures.builders import builders
from data_access.measures.request import COLUMNS
from data_access.packed import EPOCH, SERIES, Packed, pack
from data_access.refresh_basis import Basis
from data_access.refresh_values import covered, joined, own_values, requests, store
from data_access.roll_up import totals
from data_access.tables.outages import outages
from data_access.transactions import reading_all
from domain.org_units import LEVELS

WORTH_PROCESSES = 20_000  # outages; below them it takes less time than a process takes to start
MOST_PROCESSES = 4  # each has the rows of a bureau in memory
MOST_ON_SQLITE = 2  # of whose writers one writes while all others wait, no longer than half a minute
Tops = Mapping[str, pd.DataFrame]  # by builder: values of a bureau, booked on the unit above it


def write(engine: Engine, holder: str, basis: Basis, last: Last) -> int:
    """Replace all rows; how many there are now. last: what the last transaction does too."""
    chunks, rest = _chunks(basis)
    done = _of_bureaus(engine, holder, basis, chunks)
    count = sum(rows for rows, _ in done)
    if rest:
        count += _write(engine, holder, basis, rest, [tops for _, tops in done])[0]
    with lease.writing_as(engine, holder) as connection:
        refresh_leftovers.remove_facts_of_gone_units(connection)
        last(connection, count)
    return count


def _chunks(basis: Basis) -> tuple[list[frozenset[int]], frozenset[int]]:
    """Units that are computed together: each bureau with all below; then what lies above them."""
    city, units = LEVELS.index("city"), basis.tree.units
    bureaus = sorted(one for one in set(basis.city_of.values()) if LEVELS.index(units[one].level) >= city)
    chunks = [frozenset(basis.tree.below(bureau)) for bureau in bureaus]
    return chunks, frozenset(units).difference(*chunks)


def _of_bureaus(
    engine: Engine, holder: str, basis: Basis, chunks: Sequence[frozenset[int]]
) -> list[tuple[int, Tops]]:
    """_write() of each bureau: several at a time where there is enough to do and more than one processor."""
    most = MOST_ON_SQLITE if is_sqlite(engine) else MOST_PROCESSES
    at_once = min(os.cpu_count() or 1, len(chunks), most)
    with reading_all(engine) as connection:
        count = connection.scalar(select(func.count()).select_from(outages))
    if at_once < 2 or count < WORTH_PROCESSES:
        return [_write(engine, holder, basis, units, []) for units in chunks]
    url = engine.url.render_as_string(hide_password=False)
    return beside.each(_write_beside, [(url, holder, basis, units) for units in chunks], at_once)


def _write_beside(url: str, holder: str, basis: Basis, units: frozenset[int]) -> tuple[int, Tops]:
    return _write(engine_for(url), holder, basis, units, [])


def _write(
    engine: Engine, holder: str, basis: Basis, units: frozenset[int], below: Iterable[Tops]
) -> tuple[int, Tops]:
    """Replace all rows of the units, given the tops of those below; how many there are, and their tops."""
    span, tops = basis.span, {}
    with uncollected():
        packs = [pack(covered(basis, units))]
        for builder in builders():
            name = builder.__name__
            asked = requests(engine, basis, builder, units, span.first_month, span.last_month)
            store(engine, holder, builder, asked)
            own = own_values(engine, builder, asked)
            found = totals(pack(joined([own, *(one[name] for one in below)])), basis.tree, units)
            tops[name] = _tops(found, basis, units)
            packs.append(found)
        return kpi_rows.replace(engine, holder, basis, units, packs), tops


def _tops(found: Packed, basis: Basis, units: frozenset[int]) -> pd.DataFrame:
    """Totals of the units whose unit above is computed later, as values booked on them."""
    tops = [unit for unit in units if basis.tree.parent[unit] not in units | {None}]
    rows = found.taken(np.flatnonzero(np.isin(found.unit, tops)))
    names = np.array(found.series, object).reshape(-1, len(SERIES))[rows.code]
    columns = {name: names[:, at] for at, name in enumerate(SERIES)}
    period = (EPOCH + rows.day).astype("datetime64[s]")
    frame = pd.DataFrame({**columns, "org_unit_id": rows.unit, "period_start": period, "value": rows.value})
    return frame[COLUMNS]
