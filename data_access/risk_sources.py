"""Which sources of the rules of risk are known for a unit at a month-end: elsewhere no row means nothing."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from data_access.scope import inside
from data_access.tables.condition import customer_equipment, transformers
from data_access.tables.grid import areas, lines
from data_access.tables.imports import source_coverage
from data_access.tables.org import org_closure
from domain.periods import add_months, last_day
from domain.risk_score import YEAR_MONTHS
from domain.viewer import Scope

VOLTAGE_DAYS = 30


def _stated(unit_id: int, sources: tuple[str, ...], first: date | None, last: date) -> ColumnElement[bool]:
    """Condition: an import states that one of the sources covers any of the days of the unit.

    Of the unit itself, of one above, or of one below. first None: any day up to the last.
    """
    c, tree = source_coverage.c, org_closure.c
    above = select(tree.ancestor_id).where(tree.descendant_id == unit_id)
    below = select(tree.descendant_id).where(tree.ancestor_id == unit_id)
    conditions = [
        c.source.in_(sources),
        or_(c.org_unit_id.in_(above), c.org_unit_id.in_(below)),
        c.covers_from <= last,
    ]
    if first is not None:
        conditions.append(c.covers_to >= first)
    return exists(select(c.source).where(*conditions))


def known(connection: Connection, scope: Scope, unit_id: int, month: date) -> set[str]:
    """Those of domain/risk_rules.py SOURCES that have data of the unit or of any unit below.

    Events where an import covers a day that the rule looks at; registers where they have a row.
    """
    end = last_day(month)
    outages = _stated(
        unit_id, ("outages.line_code", "outages.area_code"), add_months(month, 1 - YEAR_MONTHS), end
    )
    of_area = and_(
        areas.c.bureau_id == transformers.c.bureau_id, areas.c.area_code == transformers.c.area_code
    )
    own_areas, own_lines = (inside(one.c.org_unit_id, scope, unit_id) for one in (areas, lines))
    of_account = and_(
        areas.c.bureau_id == customer_equipment.c.bureau_id,
        areas.c.area_code == customer_equipment.c.area_code,
    )
    told = {
        "counts": outages,
        "listed": outages,
        "loads": _stated(unit_id, ("area_loads", "load_points"), month, end),
        "voltage_days": _stated(unit_id, ("voltage_days",), end - timedelta(days=VOLTAGE_DAYS - 1), end),
        "sites": _stated(unit_id, ("damage_sites",), None, end),
        "defects": _stated(unit_id, ("defects",), None, end),
        "transformers": exists(select(areas.c.area_code).join(transformers, of_area).where(own_areas)),
        "equipment": exists(select(areas.c.area_code).join(customer_equipment, of_account).where(own_areas)),
        "conductors": exists(select(lines.c.line_code).where(own_lines, lines.c.conductor.is_not(None))),
        "ties": exists(select(lines.c.line_code).where(own_lines, lines.c.ties.is_not(None))),
    }
    row = connection.execute(select(*(one.label(name) for name, one in told.items()))).one()
    return {name for name, there in zip(told, row, strict=True) if there}
