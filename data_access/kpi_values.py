"""One KPI of a unit with everything it is made of, for the command line and other programs."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from data_access import kpi_facts, org_units, rules
from data_access.transactions import reading
from domain import kpi_search, ratios
from domain.errors import InvalidInput
from domain.facts import facts
from domain.kpis import COVERED, Kpi, catalogue
from domain.periods import Period, days_in
from domain.readings import total
from domain.viewer import Scope


def read(
    engine: Engine, scope: Scope, kpi_id: str, unit_code: str, first: date, last: date, by: str | None = None
) -> dict[str, Any]:
    """The reading, its parts, the rule versions of the period, and rows by unit, month or cause.

    numerator and denominator in the units of the measures. kpi_id may also be a name, or a code
    of one KPI alone. Raises InvalidInput("unknown_kpi" | "ambiguous_kpi" | "unknown_unit", also for a foreign
    one | "period_backwards" | "no_causes").
    """
    kpi, measures = kpi_search.one_named(catalogue(), kpi_id), catalogue().measures
    unit = org_units.by_code(engine, scope, unit_code)
    if unit is None:
        raise InvalidInput("unknown_unit", unit=unit_code)
    if last < first:
        raise InvalidInput("period_backwards")
    if by == "cause" and "cause" not in ratios.dimensions_of(kpi, measures):
        raise InvalidInput("no_causes", kpi=kpi_id)
    period = Period("range", first, last)
    with reading(engine, scope) as connection:
        looking_back = rules.looking_back(connection)
    start = ratios.first_month_needed([kpi], first, measures, looking_back)
    state = kpi_facts.data_state(engine, scope, unit.id)
    frame = kpi_facts.children_monthly(engine, scope, unit.id, kpi.measures(), start, last)
    known = facts(frame, state.last_complete_month, looking_back)
    found = total(known, kpi, period, measures, unit.id)
    needs = {need for _, name in kpi.numerator + kpi.denominator for need in measures[name].needs}
    return {
        "kpi": kpi.id,
        "name_zh": kpi.name_zh,
        "name_en": kpi.name_en,
        "unit": kpi.unit,
        "decimals": kpi.decimals,
        "org_unit": unit.code,
        "period": f"{first:%Y-%m}..{last:%Y-%m}",
        "as_of": found.as_of,
        "value": found.value,
        "numerator": found.numerator,
        "denominator": found.denominator,
        "excluded": found.excluded,
        "undecided": found.undecided,
        "missing": found.missing,
        "is_partial": found.is_partial,
        "partly_covered": _partly(frame, unit.id, needs, period),
        "rules": _rules(engine, kpi, start, last),
        "rows": [] if by is None else _rows(engine, scope, by, unit.id, kpi, period, known),
    }


def _partly(frame: pd.DataFrame, unit: int, needs: set[str], period: Period) -> list[date]:
    """Months of the period in which some source covers some days but not all."""
    covered = frame[(frame["org_unit_id"] == unit) & frame["measure"].isin({COVERED + one for one in needs})]
    short = [
        row.month
        for row in covered.itertuples()
        if row.month in period.months and 0 < row.value < days_in(row.month)
    ]
    return sorted(set(short))


def _rules(engine: Engine, kpi: Kpi, first: date, last: date) -> list[str]:
    """Every version that judges an event of the period, e.g. "outages v1"."""
    found = rules.during(engine, first, last.replace(day=days_in(last)))
    return [f"{name} v{one.version}" for name in kpi.rules for one in found.get(name, ())]


def _rows(
    engine: Engine, scope: Scope, by: str, unit_id: int, kpi: Kpi, period: Period, known: Any
) -> list[dict[str, Any]]:
    measures = catalogue().measures
    if by == "month":
        frame = ratios.by_month(known, kpi, period.months, measures, unit_id)
        frame["name"] = [f"{month:%Y-%m}" for month in frame["month"]]
    elif by == "unit":
        below = org_units.children(engine, scope, unit_id)
        frame = ratios.by_unit(known, kpi, period, measures, [one.id for one in below])
        frame["name"] = [one.code for one in below]
    else:
        names = [name for _, name in kpi.numerator + kpi.denominator]
        members = kpi_facts.monthly(engine, scope, [unit_id], names, period.first, period.last, "cause")
        frame = ratios.by_member(known, members, kpi, period, measures, unit_id)
        frame = frame.assign(name=frame["member"], missing="")
    columns = [one for one in ("name", "value", "numerator", "denominator", "missing") if one in frame]
    rows = frame[columns].astype(object)
    return rows.where(rows.notna(), None).to_dict("records")
