"""Roll up, then divide: KPI values per period, unit, month or member. Everything a page needs is found here.

The mean of unit ratios is another number: 100 min / 1,000 customers and 900 / 100,000 give 0.0099,
not 0.0545.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pandas as pd

from domain import facts as fact_rows
from domain.facts import Facts, Rules, facts
from domain.kpis import Kpi, Measure
from domain.lacking import not_covered
from domain.periods import Period, add_months
from domain.readings import Change, Reading, change, events_measure, given, needs_of, total

__all__ = [
    "Change",
    "Facts",
    "Reading",
    "by_member",
    "by_month",
    "by_unit",
    "change",
    "dimensions_of",
    "facts",
    "first_month_needed",
    "total",
]


def first_month_needed(
    kpis: Iterable[Kpi], first: date, measures: Mapping[str, Measure], rules: Rules | None = None
) -> date:
    """The month from which to read facts so that windows before `first` are known (11 months for 12m)."""
    needed = dict.fromkeys(one for kpi in kpis for one in kpi.measures())
    windows = [fact_rows.window_months(measures[one], first, rules or {}) for one in needed]
    return add_months(first, 1 - max(windows, default=1))


def by_unit(
    facts: Facts | pd.DataFrame,
    kpi: Kpi,
    period: Period,
    measures: Mapping[str, Measure],
    unit_ids: Iterable[int] | None = None,
) -> pd.DataFrame:
    """One row per unit: org_unit_id, value, numerator, denominator, missing, is_partial, excluded, undecided,
    events, as_of. Units without facts are missing rows when named in unit_ids."""
    if isinstance(facts, pd.DataFrame):
        facts = fact_rows.facts(facts)
    units = facts.units if unit_ids is None else tuple(unit_ids)
    readings = [total(facts, kpi, period, measures, unit) for unit in units]
    frame = pd.DataFrame(
        {
            "org_unit_id": units,
            "missing": [one.missing for one in readings],
            "is_partial": [one.is_partial for one in readings],
            "as_of": [one.as_of for one in readings],
        }
    )
    for column in ("value", "numerator", "denominator", "excluded", "undecided", "events"):
        frame[column] = np.array([getattr(one, column) for one in readings], dtype=float)
    return frame


def by_month(
    facts: Facts | pd.DataFrame,
    kpi: Kpi,
    months: Iterable[date],
    measures: Mapping[str, Measure],
    unit_id: int | None = None,
) -> pd.DataFrame:
    """One row per month: month, value, numerator, denominator, missing, is_complete, events.

    value, numerator, denominator and events are floats with NaN for missing. As-of KPIs: at each month's end.
    """
    facts, unit = given(facts, unit_id)
    months = tuple(months)
    every = month_rows(facts, kpi, measures, unit)
    places = np.array([facts.position(month) for month in months], dtype=int)
    is_read = (places >= 0) & (places < len(facts.months))
    chosen = np.where(is_read, places, 0) if facts.months else np.zeros(0, dtype=int)
    columns: dict[str, object] = {"month": months}
    for column in ("value", "numerator", "denominator", "events"):
        columns[column] = np.where(is_read, every[column][chosen], np.nan) if facts.months else np.nan
    columns["is_complete"] = (is_read & every["is_complete"][chosen]) if facts.months else False
    needs = needs_of(kpi.numerator + kpi.denominator, measures, "sum", "stock", "as_of")
    missing = [""] * len(months)
    for number in np.flatnonzero(np.isnan(columns["value"])) if facts.months else range(len(months)):
        if not is_read[number] or not every["is_covered"][int(places[number])]:
            missing[number] = not_covered(facts, unit, needs, (months[number],))
        else:
            missing[number] = "zero_denominator"
    return pd.DataFrame(columns | {"missing": missing})


def month_rows(facts: Facts, kpi: Kpi, measures: Mapping[str, Measure], unit: int) -> dict[str, np.ndarray]:
    """value, numerator, denominator, events, is_covered, is_complete as numpy rows over facts.months."""
    terms = kpi.numerator + kpi.denominator
    is_covered, is_complete = facts.coverage(unit, needs_of(terms, measures, "sum", "stock", "as_of"))
    windows = [measures[name] for _, name in terms if measures[name].window != "0"]
    if windows:
        whole = facts.coverage(unit, needs_of(terms, measures, "as_of", "sum"))[1]
        lengths = [
            max(fact_rows.window_months(one, month, facts.rules) for one in windows) for month in facts.months
        ]
        is_complete = is_complete & fact_rows.runs(whole, lengths)
    numerator, denominator = (
        np.where(is_covered, sum((sign * facts.row(unit, name) for sign, name in side), facts.zeros), np.nan)
        for side in (kpi.numerator, kpi.denominator)
    )
    value = kpi.factor * numerator / kpi.divisor
    if kpi.denominator:
        value = np.divide(value, denominator, out=np.full(len(value), np.nan), where=denominator != 0)
    else:
        denominator = np.full(len(value), np.nan)
    counted = events_measure(kpi)
    events = np.full(len(value), np.nan)
    if counted:
        known = facts.coverage(unit, measures[counted].needs)[0]
        events = np.where(known, facts.row(unit, counted), np.nan)
    return {
        "value": value,
        "numerator": numerator,
        "denominator": denominator,
        "events": events,
        "is_covered": is_covered,
        "is_complete": is_complete,
    }


def dimensions_of(kpi: Kpi, measures: Mapping[str, Measure]) -> tuple[str, ...]:
    """Dimensions that every numerator measure of the KPI is kept by, e.g. ("cause", "kind")."""
    kept = [measures[name].dimensions for _, name in kpi.numerator]
    return tuple(one for one in kept[0] if all(one in other for other in kept))


def by_member(
    totals: Facts | pd.DataFrame,
    members: Facts | pd.DataFrame,
    kpi: Kpi,
    period: Period,
    measures: Mapping[str, Measure],
    unit_id: int | None = None,
    dimension: str = "cause",
) -> pd.DataFrame:
    """One row per member of a dimension, largest first: member, value, own_value, numerator,
    denominator, share.

    totals: facts of dimension "" (with coverage); members: facts of the dimension.
    value = member's numerator / the unit's denominator: the values add up to the KPI. own_value = by the
    member's own denominator, NaN where the denominator is not broken down. share of the numerator 0-1.
    Empty where dimensions_of() lacks the dimension or the KPI is missing.
    """
    columns = ["member", "value", "own_value", "numerator", "denominator", "share"]
    totals, unit = given(totals, unit_id)
    members = fact_rows.facts(members) if isinstance(members, pd.DataFrame) else members
    reading = total(totals, kpi, period, measures, unit)
    if reading.value is None or dimension not in dimensions_of(kpi, measures):
        return pd.DataFrame(columns=columns)
    amounts = member_amounts(totals, members, kpi, period, measures, reading)
    own_known = kpi.denominator and all(dimension in measures[name].dimensions for _, name in kpi.denominator)
    scale = kpi.factor / kpi.divisor
    rows = []
    for member, (numerator, denominator) in amounts.items():
        own = scale * numerator / denominator if own_known and denominator else np.nan
        rows.append(
            (
                member,
                scale * numerator / (reading.denominator if kpi.denominator else 1),
                own,
                numerator,
                denominator if own_known else np.nan,
                numerator / reading.numerator if reading.numerator else np.nan,
            )
        )
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["numerator", "member"], ascending=[False, True], ignore_index=True)


def member_amounts(
    totals: Facts,
    members: Facts,
    kpi: Kpi,
    period: Period,
    measures: Mapping[str, Measure],
    reading: Reading,
) -> dict[str, tuple[int, int]]:
    """(numerator, denominator) of each member over exactly the months that the reading counted."""
    unit = reading.unit_id
    counted = totals.coverage(unit, needs_of(kpi.numerator + kpi.denominator, measures, "sum"))[0]
    chosen = (
        [reading.as_of]
        if reading.as_of
        else [
            month
            for month in period.months
            if 0 <= totals.position(month) < len(counted) and counted[totals.position(month)]
        ]
    )
    places = [members.position(month) for month in chosen]
    places = [place for place in places if 0 <= place < len(members.months)]
    names = dict.fromkeys(member for one, _, member in members.rows if one == unit)
    amounts = {}
    for member in names:
        numerator, denominator = (
            sum(sign * int(members.row(unit, name, member)[places].sum()) for sign, name in side)
            for side in (kpi.numerator, kpi.denominator)
        )
        if numerator or denominator:
            amounts[member] = (numerator, denominator)
    return amounts
