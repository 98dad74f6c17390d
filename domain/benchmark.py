"""What a viewer may know of units outside the scope: totals above, and units beside it without names."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Benchmark:
    """Where a unit stands with one KPI; siblings are the units with the same unit above."""

    above: pd.DataFrame  # org_unit_id, name, name_en, level, value (in kpi.unit, NaN: missing), top first
    rank: int | None  # 1 is best; None where the unit itself is missing or the KPI is neutral
    of: int  # siblings with a value, the unit included
    values: tuple[float, ...]  # of siblings, the unit included, sorted


def rank(values: pd.Series, unit_id: int, better: str) -> int | None:
    """1 + the number of units that are better; equal values share a rank. values: by unit, none missing."""
    if unit_id not in values.index or better == "neutral":
        return None
    own = values[unit_id]
    return 1 + int((values < own).sum() if better == "lower" else (values > own).sum())
