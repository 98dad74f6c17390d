"""Signals on XmR charts, rule set `signals` (wheeler-v1): which months differ from the ordinary variation.

Judged are complete, non-overlapping months without major event days; seasonal KPIs by the difference from the
same month last year, as-of KPIs by their monthly flow (areas that entered the list).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from domain.kpis import Catalogue, Kpi
from domain.ratios import Facts


@dataclass(frozen=True)
class Baseline:
    """Months and figures that the limits come from, in the unit of what is judged."""

    first_month: date
    last_month: date
    n: int
    centre: float
    mean_range: float
    is_stored: bool = False  # else provisional: computed now from the first 12 to 24 complete months
    set_by: str = ""
    set_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Point:
    """One complete month on the chart. value in the KPI's unit; judged = value or its difference to last year.

    centre, lower, upper: the lines at this month in the unit of `value` (for seasonal KPIs they move with last
    year's value), clipped to the possible range; None where too few. rule: '' or outside | run | near_limit of
    the signal that the point belongs to; direction: '' | better | worse | neutral.
    """

    month: date
    value: float
    judged: float
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    rule: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Judgement:
    """What the chart of one KPI and unit says at its last complete month.

    subject: id of what is judged: the KPI, its twin without major event days, or its flow measure.
    too_few: '' or few_months | zero_range | few_events: then no limits and no signal.
    icon: none | better | worse (at the last point). rule, since, side (above, below): of the signal in force.
    message: key for ui texts, values: its numbers. Keys: none, few_months {n, needed}, zero_range,
    few_events {events, needed}, outside {value, limit}, run {length}, near_limit {count, of}; side and since
    stand in their own fields.
    distance: of the last point from the centre in units of 2.66 x mean range, >= 0; None where too few.
    """

    kpi: str
    unit_id: int
    subject: str
    is_difference: bool
    is_flow: bool
    points: tuple[Point, ...]
    baseline: Baseline | None
    too_few: str = ""
    icon: str = "none"
    rule: str = ""
    side: str = ""
    since: date | None = None
    message: str = "none"
    values: Mapping[str, Any] = None  # type: ignore[assignment]
    distance: float | None = None
    lower: float | None = None  # limits of what is judged, clipped to the possible range
    upper: float | None = None


def baseline_id(kpi: Kpi) -> str:
    """The id under which the KPI's baseline is stored: its twin without major event days, else its own."""
    return kpi.without_med or kpi.id


def measures_needed(kpi: Kpi, catalogue: Catalogue) -> tuple[str, ...]:
    """The measures that judge() reads."""
    raise NotImplementedError


def judge(
    facts: Facts,
    kpi: Kpi,
    catalogue: Catalogue,
    rules: Mapping[str, Any],
    baseline: Baseline | None = None,
    unit_id: int | None = None,
    through: date | None = None,
) -> Judgement:
    """The XmR judgement of a KPI at a unit from all its months in facts up to `through`.

    rules: body of rule set signals. baseline: the stored one, else a provisional one is computed.
    Read facts from as early as possible: 36 months, 12 more for as-of KPIs.
    """
    raise NotImplementedError


def points_frame(judgement: Judgement) -> pd.DataFrame:
    """The points as a frame for charts: one row per month, columns as in Point."""
    raise NotImplementedError
