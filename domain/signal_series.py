"""What of a KPI control limits may judge: complete months, as values, differences to last year or flow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from domain import facts as fact_rows
from domain.facts import Facts
from domain.kpis import Kpi, Measure
from domain.ratios import month_rows
from domain.readings import counts_elsewhere, given


@dataclass(frozen=True)
class Series:
    """Complete months with a value, oldest first.

    judged: the values, or for a seasonal KPI their difference from the same month last year (months without
    one are left out). possible: the range of `judged`, value_range that of `values`; None is unbounded.
    mean_events: events behind the numerator per month; None where they are not known.
    """

    unit_id: int
    subject: str
    is_difference: bool
    is_flow: bool
    months: tuple[date, ...]
    values: tuple[float, ...]
    judged: tuple[float, ...]
    possible: tuple[float | None, float | None]
    value_range: tuple[float | None, float | None]
    mean_events: float | None


def series(
    facts: Facts | pd.DataFrame,
    kpi: Kpi,
    judged_kpi: Kpi,
    measures: Mapping[str, Measure],
    unit_id: int | None = None,
    through: date | None = None,
) -> Series:
    """The series of a KPI at a unit up to the month `through`.

    judged_kpi: its twin without major event days where it has one, else the KPI itself.
    """
    facts, unit = given(facts, unit_id)
    if kpi.is_as_of:
        values, events, usable = _flow(facts, measures[judged_kpi.flow], unit)
        subject, possible = judged_kpi.flow, (0.0, None)
    else:
        every = month_rows(facts, judged_kpi, measures, unit)
        values, events, usable = every["value"], every["events"], every["is_complete"]
        subject, possible = judged_kpi.id, (kpi.min_value, kpi.max_value)
    if not kpi.is_as_of and counts_elsewhere(judged_kpi, values, events).any():
        events = np.full(len(values), np.nan)  # what happens here is not counted here: too few says nothing
    usable = usable & ~np.isnan(values)
    if through is not None:
        usable &= np.array([month <= through for month in facts.months], dtype=bool)
    judged, value_range = values, possible
    is_difference = kpi.seasonal and not kpi.is_as_of
    if is_difference:
        judged = np.full(len(values), np.nan)
        judged[12:] = values[12:] - values[:-12]
        usable = usable & np.concatenate((np.zeros(min(12, len(usable)), dtype=bool), usable[:-12]))
        least, most = possible
        possible = (least - most, most - least) if least is not None and most is not None else (None, None)
    places = np.flatnonzero(usable)
    known = events[places][~np.isnan(events[places])]
    return Series(
        unit,
        subject,
        is_difference,
        kpi.is_as_of,
        tuple(facts.months[place] for place in places),
        tuple(values[places].tolist()),
        tuple(judged[places].tolist()),
        possible,
        value_range,
        float(known.mean()) if len(known) else None,
    )


def _flow(facts: Facts, measure: Measure, unit: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Monthly values of an as-of KPI's flow; a month counts when its whole window is complete."""
    some, whole = facts.coverage(unit, measure.needs)
    lengths = [fact_rows.window_months(measure, month, facts.rules) for month in facts.months]
    values = np.where(some, facts.row(unit, measure.id), np.nan)
    return values, values, fact_rows.runs(whole, lengths)
