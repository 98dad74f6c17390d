"""Everything that the overview needs, read in a handful of statements for one unit and the units below it."""

from datetime import date

from sqlalchemy import Engine, or_, select

from data_access import baselines, kpi_facts, org_units, rules, targets
from data_access.coverage import OUTAGES
from data_access.kpi_facts import DataState
from data_access.scope import check_unit, inside
from data_access.tables.imports import source_coverage
from data_access.tables.org import org_closure
from data_access.transactions import reading
from domain import known_level, overview
from domain.facts import facts
from domain.kpis import catalogue
from domain.overview import Overview
from domain.periods import Period, add_months, month_of
from domain.ratios import first_month_needed
from domain.viewer import Scope

MONTHS_READ = 72  # judgements look back as far as this


def partly_covered(engine: Engine, scope: Scope, unit_id: int) -> tuple[date, date] | None:
    """First and last day of the newest month that outages of the unit cover, as imports state; None: none."""
    stated, closure = source_coverage.c, org_closure.c
    above = select(closure.ancestor_id).where(closure.descendant_id == unit_id)
    touches = or_(inside(stated.org_unit_id, scope, unit_id), stated.org_unit_id.in_(above))
    statement = select(stated.covers_from, stated.covers_to).where(touches, stated.source == OUTAGES)
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        days = [tuple(row) for row in connection.execute(statement)]
    if not days:
        return None
    last = max(to for _first, to in days)
    return max(month_of(last), min(first for first, to in days if to >= month_of(last))), last


def read(
    engine: Engine, scope: Scope, unit_id: int, period: Period, before: Period, state: DataState
) -> Overview:
    """Cards and exceptions of the unit. Raises NotFound outside the scope.

    The unit's own facts are read from the first month of the data on, so that limits do not move with the
    chosen end; those of the units below only for the two periods and the KPIs on the list of exceptions.
    """
    known = catalogue()
    with reading(engine, scope) as connection:
        body, looking_back = rules.current(connection, "signals"), rules.looking_back(connection)
    path = targets.path_of(engine, scope, unit_id)
    first = max(state.first_month or before.first, add_months(period.last, 1 - MONTHS_READ))
    span = (min(first, before.first), period.last)
    frame = kpi_facts.monthly(engine, scope, [unit_id], overview.measures_needed(known), *span)
    found = facts(frame, state.last_complete_month, looking_back)
    if twins := known_level.lacking(found, known, period, unit_id):
        names = overview.measures_needed(known, [*overview.watched_kpis(known), *twins])
        frame = kpi_facts.monthly(engine, scope, [unit_id], names, *span)
        found = facts(frame, state.last_complete_month, looking_back)
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
    start = first_month_needed(kpis, min(before.first, period.first), known.measures, looking_back)
    below = kpi_facts.children_monthly(engine, scope, unit_id, tuple(terms), start, period.last)
    found = facts(below, state.last_complete_month, looking_back)
    return overview.with_pushes(plain, found, known, period, before, unit_id, children)
