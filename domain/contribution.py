"""Which units and causes a KPI's change comes from; the parts sum to the change exactly.

Unit i with its share w of the denominator and its own ratio r, R the total's ratio, bars = means of the two
periods: rate part = w_bar x dr, mix part = (r_bar - R_bar) x dw. Causes: n1/D1 - n0/D0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from domain.kpis import Kpi, Measure
from domain.periods import Period
from domain.ratios import Facts

DIRECT = 0  # org_unit_id of the row "directly at this unit"


@dataclass(frozen=True)
class Contribution:
    """The change of a KPI between two periods and its parts, in the KPI's unit.

    rows, largest |part| first. Units: org_unit_id (0 = directly at this unit), value_before, value_now,
    weight_before, weight_now, rate_part, mix_part, part. Causes: member, numerator_before, numerator_now, part.
    missing: '' or why there is nothing to part: missing | partial.
    """

    before: float | None
    now: float | None
    change: float | None
    rows: pd.DataFrame
    missing: str = ""


def by_unit(
    facts: Facts,
    kpi: Kpi,
    now: Period,
    before: Period,
    measures: Mapping[str, Measure],
    unit_id: int,
    child_ids: Iterable[int],
) -> Contribution:
    """Parts of unit_id's change by the units directly below it and by what is booked on it itself.

    facts: kpi_facts.children_monthly over both periods.
    """
    raise NotImplementedError


def by_member(
    totals: Facts,
    members: Facts,
    kpi: Kpi,
    now: Period,
    before: Period,
    measures: Mapping[str, Measure],
    unit_id: int | None = None,
) -> Contribution:
    """Parts of a unit's change by cause (or another dimension); what has no member stands under ''."""
    raise NotImplementedError


def top(contribution: Contribution, kpi: Kpi, limit: int = 3) -> pd.DataFrame:
    """The rows that push the KPI to the worse the most, worst first; for neutral KPIs the largest."""
    raise NotImplementedError
