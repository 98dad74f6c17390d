"""A refresh from nothing: every row anew, bureau by bureau, then what lies above the bureaus.

So the rows of a bureau or two lie in memory at a time, the one being stored while the next is computed, and
readers find each unit either as it was or as it is.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine

from data_access import kpi_rows, refresh_leftovers
from data_access.at_work import uncollected
from data_access.kpi_rows import Last, Part
from data_access.measures.request import COLUMNS
from data_access.refresh_basis import Basis
from data_access.refresh_values import covered, joined, own_values, requests, store
from data_access.roll_up import EPOCH, SERIES, Packed, pack, totals
from domain.org_units import LEVELS


def _chunks(basis: Basis) -> list[frozenset[int]]:
    """Units that are computed together: each bureau with all below, then what lies above them."""
    city, units = LEVELS.index("city"), basis.tree.units
    bureaus = sorted(one for one in set(basis.city_of.values()) if LEVELS.index(units[one].level) >= city)
    chunks = [frozenset(basis.tree.below(bureau)) for bureau in bureaus]
    rest = frozenset(units).difference(*chunks)
    return [*chunks, rest] if rest else chunks


def write(engine: Engine, holder: str, basis: Basis, builders: Sequence[ModuleType], last: Last) -> int:
    """Replace all rows; how many there are now. last: what the last transaction does too."""
    span = basis.span
    tops: dict[ModuleType, list[pd.DataFrame]] = {builder: [] for builder in builders}
    count = 0
    with ThreadPoolExecutor(1) as beside:
        stored = beside.submit(int)
        for units in _chunks(basis):
            with uncollected():
                packs = [pack(covered(basis, units))]
                for builder in builders:
                    asked = requests(engine, basis, builder, units, span.first_month, span.last_month)
                    store(engine, holder, builder, asked)
                    own = own_values(engine, builder, asked)
                    found = totals(pack(joined([own, *tops[builder]])), basis.tree, units)
                    tops[builder].append(_tops(found, basis, units))
                    packs.append(found)
                part = Part(tuple(units), None, span.first_month, span.last_month, packs)
                count += stored.result()
                stored = beside.submit(kpi_rows.write, engine, holder, basis, [part])
        count += stored.result()

    def finish(connection: Connection, _rows: int) -> None:
        refresh_leftovers.remove_facts_of_gone_units(connection)
        last(connection, count)

    kpi_rows.write(engine, holder, basis, [], finish)
    return count


def _tops(found: Packed, basis: Basis, units: frozenset[int]) -> pd.DataFrame:
    """Totals of the units whose unit above is computed later, as values booked on them."""
    tops = [unit for unit in units if basis.tree.parent[unit] not in units | {None}]
    rows = found.taken(np.flatnonzero(np.isin(found.unit, tops)))
    names = np.array(found.series, object).reshape(-1, len(SERIES))[rows.code]
    columns = {name: names[:, at] for at, name in enumerate(SERIES)}
    period = (EPOCH + rows.day).astype("datetime64[s]")
    frame = pd.DataFrame({**columns, "org_unit_id": rows.unit, "period_start": period, "value": rows.value})
    return frame[COLUMNS]
