"""Everything that the overview needs, read in a handful of statements for one unit and the units below it."""

from sqlalchemy import Engine

from data_access import baselines, kpi_facts, org_units, rules, targets
from data_access.engine import reading
from data_access.kpi_facts import DataState
from domain import overview
from domain.facts import facts
from domain.kpis import catalogue
from domain.overview import Overview
from domain.periods import Period, add_months
from domain.ratios import first_month_needed
from domain.viewer import Scope

MONTHS_READ = 72  # judgements look back as far as this


def read(
    engine: Engine, scope: Scope, unit_id: int, period: Period, before: Period, state: DataState
) -> Overview:
    """Cards and exceptions of the unit. Raises NotFound outside the scope.

    The unit's own facts are read from the first month of the data on, so that limits do not move with the
    chosen end; those of the units below only for the two periods and the KPIs on the list of exceptions.
    """
    known = catalogue()
    path = targets.path_of(engine, scope, unit_id)
    first = max(state.first_month or before.first, add_months(period.last, 1 - MONTHS_READ))
    span = (min(first, before.first), period.last)
    frame = kpi_facts.monthly(engine, scope, [unit_id], overview.measures_needed(known), *span)
    found = facts(frame, state.last_complete_month)
    if twins := overview.lacking(found, known, period, unit_id):
        names = overview.measures_needed(known, [*overview.watched_kpis(known), *twins])
        frame = kpi_facts.monthly(engine, scope, [unit_id], names, *span)
        found = facts(frame, state.last_complete_month)
    with reading(engine) as connection:
        body = rules.current(connection, "signals")
    plain = overview.made(
        found,
        known,
        period,
        before,
        unit_id,
        body,
        baselines.stored(engine, scope, [unit_id]),
        targets.targets_for(engine, scope, unit_id, period),
        path,
    )
    children = tuple(one.id for one in org_units.children(engine, scope, unit_id))
    kpis = [known.kpis[one] for one in plain.exceptional_kpis()]
    if not children or not kpis:
        return plain
    terms = dict.fromkeys(name for kpi in kpis for _, name in kpi.numerator + kpi.denominator)
    start = first_month_needed(kpis, min(before.first, period.first), known.measures)
    below = kpi_facts.children_monthly(engine, scope, unit_id, tuple(terms), start, period.last)
    return overview.with_pushes(
        plain, facts(below, state.last_complete_month), known, period, before, unit_id, children
    )
