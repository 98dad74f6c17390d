"""Roll up, then divide: KPI values from additive measures, per period, month, unit or member.

Works on numpy rows of months, because a page reads some 60 measures x 36 months and asks for 40 KPIs.
Coverage decides between zero and missing: a month without any covered day is missing, never 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from domain.kpis import Kpi, Measure
from domain.periods import Period


@dataclass(frozen=True)
class Facts:
    """The rows of kpi_facts.monthly as numpy rows over months; make one per read with facts().

    rows maps (org_unit_id, measure, member) to integers, one per month of `months`, 0 where no row came.
    """

    months: tuple[date, ...]
    rows: Mapping[tuple[int, str, str], np.ndarray]
    units: tuple[int, ...]
    last_complete: date | None  # months after it are open, whatever the coverage says


@dataclass(frozen=True)
class Reading:
    """One KPI of one unit over one period. value is None where `missing` says why.

    missing: '' or not_covered:<source> | zero_denominator | no_complete_month.
    excluded, undecided, events: counts beside the value; None where the KPI has none or they are not covered.
    is_partial: some day of the period (or of the window before an as-of date) is not covered.
    as_of: for as-of KPIs the month at whose end the value holds; the period only chooses it.
    """

    kpi: str
    unit_id: int
    value: float | None
    numerator: float | None
    denominator: float | None
    missing: str = ""
    excluded: int | None = None
    undecided: int | None = None
    events: int | None = None
    is_partial: bool = False
    as_of: date | None = None


@dataclass(frozen=True)
class Change:
    """now - before. absolute in the KPI's unit (percentage points for % KPIs), relative as a share (0.1 = 10 %).

    relative is None for % KPIs and where before is 0. missing: '' or missing | partial.
    direction: better, worse, '' (no change or a neutral KPI).
    """

    absolute: float | None
    relative: float | None
    direction: str = ""
    missing: str = ""


def facts(frame: pd.DataFrame, last_complete: date | None = None) -> Facts:
    """Facts of a frame [org_unit_id, measure, member, month, value] incl. its covered:<source> rows.

    last_complete: DataState.last_complete_month; later months count as open.
    """
    raise NotImplementedError


def first_month_needed(kpis: Iterable[Kpi], first: date, measures: Mapping[str, Measure]) -> date:
    """The month from which to read facts so that windows before `first` are known (11 months for 12m)."""
    raise NotImplementedError


def total(
    facts: Facts | pd.DataFrame,
    kpi: Kpi,
    period: Period,
    measures: Mapping[str, Measure],
    unit_id: int | None = None,
) -> Reading:
    """The KPI of one unit over the period. unit_id may be left out where facts hold one unit."""
    raise NotImplementedError


def by_unit(
    facts: Facts | pd.DataFrame,
    kpi: Kpi,
    period: Period,
    measures: Mapping[str, Measure],
    unit_ids: Iterable[int] | None = None,
) -> pd.DataFrame:
    """One row per unit: org_unit_id, value, numerator, denominator, missing, is_partial, excluded, undecided,
    events, as_of. Units without facts are missing rows when named in unit_ids."""
    raise NotImplementedError


def by_month(
    facts: Facts | pd.DataFrame,
    kpi: Kpi,
    months: Iterable[date],
    measures: Mapping[str, Measure],
    unit_id: int | None = None,
) -> pd.DataFrame:
    """One row per month: month, value, numerator, denominator, missing, is_complete, events.

    value, numerator, denominator and events are floats with NaN for missing.
    """
    raise NotImplementedError


def by_member(
    totals: Facts | pd.DataFrame,
    members: Facts | pd.DataFrame,
    kpi: Kpi,
    period: Period,
    measures: Mapping[str, Measure],
    unit_id: int | None = None,
) -> pd.DataFrame:
    """One row per member of a dimension, largest first: member, value, own_value, numerator, denominator, share.

    totals: facts of dimension "" (with coverage); members: facts of the dimension.
    value = member's numerator / the unit's denominator: the values add up to the KPI. own_value = divided by
    the member's own denominator, NaN where the denominator is not broken down. share of the numerator 0-1.
    Empty where dimensions_of() lacks the dimension or the KPI is missing.
    """
    raise NotImplementedError


def dimensions_of(kpi: Kpi, measures: Mapping[str, Measure]) -> tuple[str, ...]:
    """Dimensions that every numerator measure of the KPI is kept by, e.g. ("cause", "kind")."""
    raise NotImplementedError


def change(kpi: Kpi, now: Reading, before: Reading) -> Change:
    """The change between two readings; none where either is missing or partial."""
    raise NotImplementedError
