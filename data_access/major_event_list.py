"""Which days are major event days for a unit, and the thresholds that made them: for people to check.

A unit uses the days of its city bureau; a unit above cities adds up what each counts by its own days, so both
lists name the bureau.
"""

from datetime import date

import pandas as pd
from sqlalchemy import ColumnElement, Engine, Select, or_, select

from data_access.scope import check_unit
from data_access.tables.kpi import major_event_days
from data_access.tables.org import org_closure, org_units
from data_access.tables.rules import major_event_dates, med_thresholds
from data_access.transactions import reading
from domain.viewer import Scope


def _holds_for(column: ColumnElement[int], unit_id: int) -> ColumnElement[bool]:
    """Condition: the bureau in `column` is the unit, above it or below it."""
    above = select(org_closure.c.ancestor_id).where(org_closure.c.descendant_id == unit_id)
    below = select(org_closure.c.descendant_id).where(org_closure.c.ancestor_id == unit_id)
    return or_(column.in_(above), column.in_(below))


def days(engine: Engine, scope: Scope, unit_id: int, first_day: date, last_day: date) -> pd.DataFrame:
    """Days that hold for the unit or below: org_unit_id (bureau), unit, unit_en, day, by_list, name.

    Newest first; name as the imported list gives it for the bureau, else for a unit above. Raises NotFound.
    """
    named, closure = major_event_dates.c, org_closure.c
    name = (
        select(named.name)
        .join(org_closure, closure.ancestor_id == named.org_unit_id)
        .where(closure.descendant_id == major_event_days.c.org_unit_id, named.day == major_event_days.c.day)
        .order_by(closure.depth, named.bureau_id)
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(
            major_event_days.c.org_unit_id,
            org_units.c.name.label("unit"),
            org_units.c.name_en.label("unit_en"),
            major_event_days.c.day,
            major_event_days.c.by_list,
            name.label("name"),
        )
        .join(org_units, org_units.c.id == major_event_days.c.org_unit_id)
        .where(
            _holds_for(major_event_days.c.org_unit_id, unit_id),
            major_event_days.c.day.between(first_day, last_day),
        )
        .order_by(major_event_days.c.day.desc(), org_units.c.code)
    )
    return _read(engine, scope, unit_id, statement)


def thresholds(engine: Engine, scope: Scope, unit_id: int, first_year: int, last_year: int) -> pd.DataFrame:
    """Stored T_MED of the bureaus that hold for the unit: every column of med_thresholds, unit, unit_en."""
    statement = (
        select(med_thresholds, org_units.c.name.label("unit"), org_units.c.name_en.label("unit_en"))
        .join(org_units, org_units.c.id == med_thresholds.c.org_unit_id)
        .where(
            _holds_for(med_thresholds.c.org_unit_id, unit_id),
            med_thresholds.c.year.between(first_year, last_year),
        )
        .order_by(med_thresholds.c.year.desc(), org_units.c.code)
    )
    return _read(engine, scope, unit_id, statement)


def _read(engine: Engine, scope: Scope, unit_id: int, statement: Select) -> pd.DataFrame:
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        rows = connection.execute(statement)
        return pd.DataFrame(rows.fetchall(), columns=list(rows.keys()))
