"""The rows behind a number: every KPI opens onto the records that its numerator and denominator count.

Each row says what it adds to the KPI's numerator and denominator, in the stored units of the measures
(customer-seconds, steps, areas), so the rows of a number add up to the number; a row that was not counted says
why. Denominators that are stocks (customers served, lines) are not records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Engine

from domain.periods import Period
from domain.viewer import Scope


@dataclass(frozen=True)
class Filters:
    """Narrower than the period: a cause code, a kind of outage, one local day, one month, only counted rows."""

    cause: str | None = None
    kind: str | None = None
    day: date | None = None
    month: date | None = None
    is_counted: bool | None = None


def columns(kpi_id: str) -> tuple[str, ...]:
    """Ids of the columns that page() gives for the KPI, in order; ui labels them.

    All begin with their own key columns and end with in_numerator, in_denominator (integers), is_counted (bool)
    and reason ('' or the code why the row is not counted). *_at columns are naive UTC, *_on and day are dates,
    *_s are seconds, org_unit_id is the unit that the row belongs to (unit_code, unit_name beside it).
    """
    raise NotImplementedError


def page(
    engine: Engine,
    scope: Scope,
    kpi_id: str,
    unit_id: int,
    period: Period,
    number: int = 1,
    size: int = 50,
    filters: Filters | None = None,
) -> tuple[pd.DataFrame, int]:
    """Rows of page `number` (from 1) and how many rows there are in all; newest first.

    Outside the scope: no rows and 0. As-of KPIs: rows as at the end of period.last.
    """
    raise NotImplementedError


def sums(
    engine: Engine, scope: Scope, kpi_id: str, unit_id: int, period: Period, filters: Filters | None = None
) -> tuple[int, int]:
    """Sum of in_numerator and in_denominator over all rows, for the line below the table."""
    raise NotImplementedError


def stream(
    engine: Engine,
    scope: Scope,
    kpi_id: str,
    unit_id: int,
    period: Period,
    filters: Filters | None = None,
    chunk: int = 5_000,
) -> Iterator[pd.DataFrame]:
    """All rows in chunks for a download; memory does not grow with their number."""
    raise NotImplementedError
