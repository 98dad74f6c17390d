"""Targets of a unit beside what was reached: several periods of one KPI, or several KPIs in one period."""

from collections.abc import Sequence

from sqlalchemy import Engine

from data_access import kpi_facts, rules, targets
from data_access.kpi_facts import DataState
from data_access.transactions import reading
from domain import ratios, target_state
from domain.facts import facts
from domain.kpis import catalogue
from domain.periods import Period
from domain.targets import Line
from domain.viewer import Scope


def read(
    engine: Engine, scope: Scope, unit_id: int, wanted: Sequence[tuple[str, Period]], state: DataState
) -> tuple[Line, ...]:
    """A line for each KPI and period, in their order; all periods are of one kind.

    Raises NotFound outside the scope.
    """
    known = catalogue()
    kpis = [known.kpis[one] for one in dict.fromkeys(kpi for kpi, _period in wanted)]
    periods = [period for _kpi, period in wanted]
    path = targets.path_of(engine, scope, unit_id)
    keys = {one.key() for one in periods}
    held = targets.targets_of(engine, scope, unit_id, periods[0].kind, keys, [one.id for one in kpis])
    with reading(engine, scope) as connection:
        looking_back = rules.looking_back(connection)
    names = dict.fromkeys(name for kpi in kpis for name in kpi.measures())
    first = ratios.first_month_needed(kpis, min(one.first for one in periods), known.measures, looking_back)
    last = max(one.last for one in periods)
    frame = kpi_facts.monthly(engine, scope, [unit_id], tuple(names), first, last)
    found = facts(frame, state.last_complete_month, looking_back)
    lines = []
    for name, period in wanted:
        kpi = known.kpis[name]
        value = ratios.total(found, kpi, period, known.measures, unit_id)
        chosen = target_state.pick(held, name, path, period)
        lines.append(Line(name, period, value, target_state.state(kpi, value, chosen, period)))
    return tuple(lines)
