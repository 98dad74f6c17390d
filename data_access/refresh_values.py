"""Values booked on units, asked of a builder, and what the coverage rows say."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from types import ModuleType

import pandas as pd
from sqlalchemy import Connection, Engine

from data_access import coverage, major_event_days
from data_access.measures.request import COLUMNS, Request
from data_access.refresh_basis import Basis
from data_access.transactions import reading_all
from domain.kpis import catalogue


def needs() -> list[str]:
    """Every source that a measure needs."""
    return sorted({need for measure in catalogue().measures.values() for need in measure.needs})


def request(
    connection: Connection, basis: Basis, units: Iterable[int], first: date, last: date, as_of: date
) -> Request:
    """The request for units and months, judged by the rules and major event days in force."""
    stored = major_event_days.stored(connection)
    days = [(bureau, day) for (bureau, _), found in sorted(stored.items()) for day in sorted(found)]
    frame = pd.DataFrame(days, columns=["org_unit_id", "day"])
    covered = partial(coverage.covered_wholly, basis.coverage)
    return Request(tuple(sorted(units)), first, last, as_of, basis.rules, frame, basis.city_of, covered)


def own_values(
    engine: Engine,
    holder: str,
    basis: Basis,
    builder: ModuleType,
    units: Iterable[int],
    first: date,
    last: date,
) -> pd.DataFrame:
    """What the builder gives, after it stored its own tables; asked once per last day of data.

    Raises Busy where the holder lost the lease.
    """
    by_day: dict[date, list[int]] = {}
    for unit in units:
        by_day.setdefault(basis.last_day_of(unit), []).append(unit)
    if not getattr(builder, "USES_AS_OF", False):
        by_day = {basis.span.as_of_day: list(units)}
    return joined(
        [_asked(engine, holder, basis, builder, by_day[day], first, last, day) for day in sorted(by_day)]
    )


def _asked(
    engine: Engine,
    holder: str,
    basis: Basis,
    builder: ModuleType,
    units: list[int],
    first: date,
    last: date,
    as_of: date,
) -> pd.DataFrame:
    with reading_all(engine) as connection:
        asked = request(connection, basis, units, first, last, as_of)
    if hasattr(builder, "store"):
        builder.store(engine, holder, asked)
    with reading_all(engine) as connection:
        return builder.own_values(connection, asked)


def covered(basis: Basis, units: Iterable[int]) -> pd.DataFrame:
    """Rows covered:<source> of all months, for every source that a measure needs."""
    days = {source: days for source, days in basis.coverage.days.items() if source in needs()}
    return coverage.as_values(replace(basis.coverage, days=days), units)


def joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all frames."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=COLUMNS)
