"""The one SELECT behind every KPI screen, always inside the scope.

Values are the stored integers of the catalogue's measures; domain/ratios.py divides. Rows `covered:<source>`
say how many days of the month the source covers: without them no row would not be known to be zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy import Engine

from domain.periods import Period
from domain.viewer import Scope

COVERED = "covered:"


@dataclass(frozen=True)
class DataState:
    """How far the data goes, and whether the figures are behind it."""

    as_of_day: date | None  # last day of data of the scope, company zone; None: no data
    as_of_at: datetime | None  # when the figures were last brought up to date, UTC
    last_complete_month: date | None
    first_month: date | None
    is_refreshing: bool
    is_stale: bool


@dataclass(frozen=True)
class Benchmark:
    """What a viewer may know of units outside the scope: totals above, and siblings without names."""

    above: pd.DataFrame  # org_unit_id, name, name_en, level, value (in kpi.unit, NaN: missing), top first
    rank: int | None  # 1 is best; None where the unit itself is missing or the KPI is neutral
    of: int  # siblings with a value, the unit included
    values: tuple[float, ...]  # of siblings, the unit included, sorted


def monthly(
    engine: Engine,
    scope: Scope,
    unit_ids: Iterable[int],
    measures: Iterable[str],
    first_month: date,
    last_month: date,
    dimension: str = "",
) -> pd.DataFrame:
    """Columns org_unit_id, measure, member, month (date), value (int): one row per stored month.

    With dimension "" also the rows `covered:<source>` of everything that the measures need. Units outside
    the scope give no rows.
    """
    raise NotImplementedError


def children_monthly(
    engine: Engine,
    scope: Scope,
    unit_id: int,
    measures: Iterable[str],
    first_month: date,
    last_month: date,
    dimension: str = "",
) -> pd.DataFrame:
    """As monthly(), for the unit and the units directly below it."""
    raise NotImplementedError


def daily(
    engine: Engine, scope: Scope, unit_id: int, measures: Iterable[str], first_day: date, last_day: date
) -> pd.DataFrame:
    """Columns measure, day (date), value (int) of one unit; only measures that the catalogue calls daily."""
    raise NotImplementedError


def benchmark(engine: Engine, scope: Scope, unit_id: int, kpi_id: str, period: Period) -> Benchmark:
    """Where the unit stands: the same KPI of every unit above it, and its rank among its siblings.

    The only read that looks outside the scope; it names no sibling. Raises NotFound for a foreign unit.
    """
    raise NotImplementedError


def data_state(engine: Engine, scope: Scope) -> DataState:
    """How far the data of the scope goes and whether a refresh runs or waits."""
    raise NotImplementedError
