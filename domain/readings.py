"""One KPI of one unit over one period: roll up over months, then divide; and the change between two.

Coverage decides between zero and missing: a month without any covered day is missing, never 0. A rate per
customer then is missing for the whole period; a share of events is that of the covered months. A period of
which some day is not covered is flagged and never compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from domain import facts as fact_rows
from domain.facts import Facts
from domain.kpis import Kpi, Measure
from domain.lacking import not_covered
from domain.periods import Period

Terms = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Reading:
    """One KPI of one unit over one period. value is None where `missing` says why.

    missing: '' or not_covered:<source>[:<months>] | zero_denominator | no_complete_month.
    excluded, undecided, events: counts beside the value; None where the KPI has none or they are not covered.
    is_partial: some day of the period (or of the window before an as-of date) is not covered.
    as_of: for as-of KPIs the month at whose end the value holds; the period only chooses it. window_days: how
    far windows of days look back from there.
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
    window_days: int | None = None


@dataclass(frozen=True)
class Change:
    """now - before. absolute in the KPI's unit (percentage points for % KPIs), relative as a share (0.1).

    relative is None for % KPIs and where before is 0. direction: better, worse, '' (none, or a neutral KPI).
    missing: '' or missing | partial.
    """

    absolute: float | None
    relative: float | None
    direction: str = ""
    missing: str = ""


def total(
    facts: Facts | pd.DataFrame,
    kpi: Kpi,
    period: Period,
    measures: Mapping[str, Measure],
    unit_id: int | None = None,
) -> Reading:
    """The KPI of one unit over the period. unit_id may be left out where facts hold one unit."""
    facts, unit = given(facts, unit_id)
    if kpi.is_as_of:
        return _as_of(facts, kpi, period, measures, unit)
    low, high = facts.span(period)
    length = len(period.months)
    counted, whole = facts.coverage(unit, needs_of(kpi.numerator + kpi.denominator, measures, "sum"))
    counted, whole = counted[low:high], whole[low:high]
    sides = []
    for terms in (kpi.numerator, kpi.denominator):
        own = counted
        if not counted.any():  # the other side may be what is missing: this one is still shown
            own = facts.coverage(unit, needs_of(terms, measures, "sum"))[0][low:high]
        sides.append(_side(facts, kpi, terms, measures, unit, period, own))
    (numerator, numerator_missing), (denominator, denominator_missing) = sides
    missing = numerator_missing or denominator_missing
    # Customers of all months under the minutes of some would understate: then nothing is said.
    is_per_stock = any(measures[name].over_time == "stock" for _, name in kpi.denominator)
    enough = counted.all() and high - low == length if is_per_stock else counted.any()
    if not missing and not enough:
        needs = needs_of(kpi.numerator + kpi.denominator, measures, "sum")
        missing = not_covered(facts, unit, needs, period.months)
    is_partial = high - low < length or not whole.all()
    return _reading(
        kpi,
        unit,
        (numerator, denominator, missing),
        _beside(facts, kpi, measures, unit, low, high),
        is_partial,
    )


def given(facts: Facts | pd.DataFrame, unit_id: int | None) -> tuple[Facts, int]:
    """Facts of either form, and the unit, which may be left out where there is only one."""
    if isinstance(facts, pd.DataFrame):
        facts = fact_rows.facts(facts)
    if unit_id is None:
        if len(facts.units) > 1:
            raise ValueError("facts hold several units: unit_id is needed")
        unit_id = facts.units[0] if facts.units else 0
    return facts, unit_id


def needs_of(terms: Terms, measures: Mapping[str, Measure], *over_time: str) -> tuple[str, ...]:
    """Sources that the terms of these kinds need."""
    chosen = [measures[one] for _, one in terms if measures[one].over_time in over_time]
    return tuple(dict.fromkeys(need for measure in chosen for need in measure.needs))


def _side(
    facts: Facts,
    kpi: Kpi,
    terms: Terms,
    measures: Mapping[str, Measure],
    unit: int,
    period: Period,
    counted: np.ndarray,
) -> tuple[float | None, str]:
    """(sum of the terms over the period, why it is missing)."""
    low, high = facts.span(period)
    length = len(period.months)
    amount: float = 0
    for sign, name in terms:
        measure = measures[name]
        values = facts.row(unit, name)[low:high]
        if measure.over_time == "sum":
            if not counted.any():
                # of all terms: what is left out may be unknown though what it is taken from is there
                return None, not_covered(facts, unit, needs_of(terms, measures, "sum"), period.months)
            amount += sign * int(values[counted].sum())
            continue
        known = facts.coverage(unit, measure.needs)[0][low:high]
        if high - low < length or not (known[-1] if kpi.stock == "last" else known.all()):
            asked = period.months[-1:] if kpi.stock == "last" else period.months
            return None, not_covered(facts, unit, measure.needs, asked)
        mean = int(values[-1]) if kpi.stock == "last" else int(values.sum()) / length
        amount += sign * mean
    return (amount if terms else None), ""


def _as_of(facts: Facts, kpi: Kpi, period: Period, measures: Mapping[str, Measure], unit: int) -> Reading:
    """The value at the end of the last complete month of the period."""
    low, high = facts.span(period)
    terms = kpi.numerator + kpi.denominator
    needs = needs_of(terms, measures, "as_of", "stock", "sum")
    some, whole = facts.coverage(unit, needs)
    places = np.flatnonzero(whole[low:high])
    if not len(places):
        is_some = some[low:high].any()
        missing = "no_complete_month" if is_some else not_covered(facts, unit, needs, period.months)
        return Reading(kpi.id, unit, None, None, None, missing)
    place = low + int(places[-1])
    month = facts.months[place]
    numerator, denominator = (
        sum(sign * int(facts.row(unit, name)[place]) for sign, name in side) if side else None
        for side in (kpi.numerator, kpi.denominator)
    )
    window = max(fact_rows.window_months(measures[name], month, facts.rules) for _, name in terms)
    whole = facts.coverage(unit, needs_of(terms, measures, "as_of"))[1]
    first = place - window + 1
    return _reading(
        kpi,
        unit,
        (numerator, denominator, ""),
        (*_beside(facts, kpi, measures, unit, max(first, 0), place + 1)[:2], numerator),
        first < 0 or not whole[first : place + 1].all(),
        month,
        fact_rows.window_days(month, facts.rules),
    )


def _beside(
    facts: Facts, kpi: Kpi, measures: Mapping[str, Measure], unit: int, low: int, high: int
) -> tuple[int | None, int | None, int | None]:
    """(excluded, undecided, events) over the months; None where the KPI has none or nothing covers them."""
    counts: list[int | None] = []
    for name in (kpi.excluded, kpi.undecided, events_measure(kpi)):
        if not name or not facts.coverage(unit, measures[name].needs)[0][low:high].any():
            counts.append(None)
        else:
            counts.append(int(facts.row(unit, name)[low:high].sum()))
    return counts[0], counts[1], counts[2]


def events_measure(kpi: Kpi) -> str:
    """The measure that counts the events behind the numerator; '' where the numerator is a sum of several."""
    return kpi.events or (kpi.numerator[0][1] if len(kpi.numerator) == 1 else "")


def counts_elsewhere(kpi: Kpi, value: Any, events: Any) -> Any:
    """Whether no event is counted here although the figure says that something happened; also on arrays.

    An outage counts at its own unit, its customers where they are out: a grid has minutes and no outage. Then
    its number of events is not 0 but told elsewhere.
    """
    if not kpi.events:
        return np.zeros(np.shape(value), dtype=bool)
    untouched = kpi.max_value if kpi.better == "higher" else kpi.min_value or 0
    return (events == 0) & (value != untouched) & (value == value)


def _reading(
    kpi: Kpi,
    unit: int,
    sides: tuple[float | None, float | None, str],
    counts: tuple[int | None, int | None, int | None],
    is_partial: bool,
    as_of: date | None = None,
    window_days: int | None = None,
) -> Reading:
    numerator, denominator, missing = sides
    value = None
    if not missing and kpi.denominator and denominator == 0:
        missing = "zero_denominator"
    if not missing:
        value = kpi.factor * numerator / (kpi.divisor * (denominator if kpi.denominator else 1))
    return Reading(
        kpi.id, unit, value, numerator, denominator, missing, *counts, is_partial, as_of, window_days
    )


def change(kpi: Kpi, now: Reading, before: Reading) -> Change:
    """The change between two readings; none where either is missing or partial."""
    if now.value is None or before.value is None:
        return Change(None, None, missing="missing")
    if now.is_partial or before.is_partial:
        return Change(None, None, missing="partial")
    difference = now.value - before.value
    relative = None if kpi.unit == "%" or before.value == 0 else difference / abs(before.value)
    direction = ""
    if difference and kpi.better != "neutral":
        direction = "better" if (difference > 0) == (kpi.better == "higher") else "worse"
    return Change(difference, relative, direction)
