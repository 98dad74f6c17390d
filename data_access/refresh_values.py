"""Values booked on units, asked of a builder, and what the coverage rows say."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from types import ModuleType

import pandas as pd
from sqlalchemy import Engine

from data_access import coverage, major_event_days
from data_access.measures.request import COLUMNS, Request
from data_access.refresh_basis import Basis
from data_access.transactions import reading_all
from domain.kpis import catalogue


def needs() -> list[str]:
    """Every source that a measure needs."""
    return sorted({need for measure in catalogue().measures.values() for need in measure.needs})


def requests(
    engine: Engine, basis: Basis, builder: ModuleType, units: Iterable[int], first: date, last: date
) -> list[Request]:
    """What a builder is asked for units and months: one request for each last day of data, by day.

    Judged by the rules and major event days in force.
    """
    by_day: dict[date, list[int]] = {}
    for unit in units:
        by_day.setdefault(basis.last_day_of(unit), []).append(unit)
    if not getattr(builder, "USES_AS_OF", False):
        by_day = {basis.span.as_of_day: list(units)}
    with reading_all(engine) as connection:
        stored = major_event_days.stored(connection)
    days = [(bureau, day) for (bureau, _), found in sorted(stored.items()) for day in sorted(found)]
    frame = pd.DataFrame(days, columns=["org_unit_id", "day"])
    covered = partial(coverage.covered_wholly, basis.coverage)
    return [
        Request(tuple(sorted(by_day[day])), first, last, day, basis.rules, frame, basis.city_of, covered)
        for day in sorted(by_day)
    ]


def store(engine: Engine, holder: str, builder: ModuleType, asked: Sequence[Request]) -> None:
    """Let the builder write its own tables. Raises Busy where the holder lost the lease."""
    if stores(builder):
        for one in asked:
            builder.store(engine, holder, one)


def stores(builder: ModuleType) -> bool:
    """Whether it has tables of its own."""
    return hasattr(builder, "store")


def own_values(engine: Engine, builder: ModuleType, asked: Sequence[Request]) -> pd.DataFrame:
    """What the builder gives, after it stored its own tables."""
    with reading_all(engine) as connection:
        return joined([builder.own_values(connection, one) for one in asked])


def covered(basis: Basis, units: Iterable[int]) -> pd.DataFrame:
    """Rows covered:<source> of all months, for every source that a measure needs."""
    days = {source: days for source, days in basis.coverage.days.items() if source in needs()}
    return coverage.as_values(replace(basis.coverage, days=days), units)


def joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all frames."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=COLUMNS)
