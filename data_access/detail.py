"""Everything that the detail page of one KPI needs, for one unit and the units directly below it."""

from sqlalchemy import Engine

from data_access import baselines, kpi_facts, org_units, rules, targets
from data_access.kpi_facts import DataState
from data_access.overview import MONTHS_READ
from data_access.transactions import reading
from domain import detail, overview, ratios, signals
from domain.detail import Detail
from domain.facts import facts
from domain.kpis import catalogue
from domain.periods import Period, add_months, month_of
from domain.viewer import Scope


def read(
    engine: Engine,
    scope: Scope,
    kpi_id: str,
    unit_id: int,
    period: Period,
    before: Period,
    state: DataState,
) -> Detail:
    """The KPI's card, trend, ranking and contributions. Raises NotFound outside the scope."""
    known = catalogue()
    kpi = known.kpis[kpi_id]
    with reading(engine, scope) as connection:
        body, looking_back = rules.current(connection, "signals"), rules.looking_back(connection)
    path = targets.path_of(engine, scope, unit_id)
    children = tuple(one.id for one in org_units.children(engine, scope, unit_id))
    last = period.last
    if state.as_of_day is not None and period.last == state.last_complete_month:
        last = max(last, month_of(state.as_of_day))  # the month that is not over, drawn lighter
    first = min(
        max(state.first_month or before.first, add_months(period.last, 1 - MONTHS_READ)), before.first
    )
    served = "customers_served_mv" if kpi.level == "MV" else "customers_served_lv"
    names = dict.fromkeys([*signals.measures_needed(kpi, known), *kpi.measures(), served])
    frame = kpi_facts.children_monthly(engine, scope, unit_id, tuple(names), first, last)
    found = facts(frame, state.last_complete_month, looking_back)
    terms = tuple(dict.fromkeys(one for _, one in kpi.numerator + kpi.denominator))
    start = min(before.first, period.first)
    members = {
        name: facts(kpi_facts.monthly(engine, scope, [unit_id], terms, start, period.last, name))
        for name in ratios.dimensions_of(kpi, known.measures)
    }
    stored = baselines.stored(engine, scope, [unit_id])
    held = targets.targets_for(engine, scope, unit_id, period)
    judged = overview.candidate(found, kpi, known, period, unit_id, body, stored, held, path)
    card = overview.card(found, judged, known, period, before)
    return detail.made(card, found, members, kpi, known, period, before, last, unit_id, children)
