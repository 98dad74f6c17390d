"""Which figures a change of rows makes stale: units and months of the rows as they were and as they are."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, FromClause, Table, and_, func, select, union

from data_access.imports import bulk
from data_access.stale import EVERY_MONTH, Mark
from data_access.tables.grid import areas, lines
from data_access.tables.outages import outage_steps, outages
from domain.periods import month_of

# Kinds whose change makes everything stale, since nothing says which months it reaches.
EVERYTHING = frozenset({"units", "calendar_days"})


def of_outages(connection: Connection, bureau_id: str, touched: Table) -> set[Mark]:
    """Marks of all steps of the touched outages as they are now: their units and those of area and line."""
    steps = outage_steps
    mine = (steps.c.bureau_id == bureau_id) & steps.c.outage_key.in_(select(touched.c.key))
    area = and_(areas.c.bureau_id == steps.c.bureau_id, areas.c.area_code == steps.c.area_code)
    line = and_(lines.c.bureau_id == steps.c.bureau_id, lines.c.line_code == steps.c.line_code)
    own = (outages.c.bureau_id == bureau_id) & outages.c.outage_key.in_(select(touched.c.key))
    statement = union(
        select(steps.c.org_unit_id, steps.c.start_day).where(mine),
        select(outages.c.org_unit_id, outages.c.start_day).where(own),
        select(areas.c.org_unit_id, steps.c.start_day).join_from(steps, areas, area).where(mine),
        select(lines.c.org_unit_id, steps.c.start_day).join_from(steps, lines, line).where(mine),
    )
    return {(unit, "outages", month_of(day)) for unit, day in connection.execute(statement)}


def of_rows(connection: Connection, kind: str, rows: FromClause, zone: ZoneInfo) -> set[Mark]:
    """Marks of rows of any other kind; rows has the table's columns."""
    c = rows.c
    if kind == "customers_served":
        return _marks(kind, connection.execute(select(c.org_unit_id, c.month).distinct()))
    if kind == "major_event_dates":
        return _marks(kind, connection.execute(select(c.org_unit_id, c.day).distinct()))
    if kind in ("lines", "areas"):
        units = connection.execute(select(c.org_unit_id).distinct()).scalars()
        return {(unit, kind, EVERY_MONTH) for unit in units}
    if kind == "area_customers":
        same = and_(areas.c.bureau_id == c.bureau_id, areas.c.area_code == c.area_code)
        units = connection.execute(select(areas.c.org_unit_id).join_from(rows, areas, same).distinct())
        return {(unit, kind, EVERY_MONTH) for unit in units.scalars()}
    if kind == "notices":
        found = set()
        for name in ("published_at", "announced_start", "announced_end"):
            found |= _days_of(connection, kind, rows, name, zone)
        return found | _of_their_outages(connection, kind, rows)
    if kind == "promises":
        return _of_their_outages(connection, kind, rows)
    return set()


def _marks(kind: str, pairs: Iterable[tuple[int, date]]) -> set[Mark]:
    return {(unit, kind, month_of(day)) for unit, day in pairs}


def _days_of(connection: Connection, kind: str, rows: FromClause, name: str, zone: ZoneInfo) -> set[Mark]:
    time = rows.c[name]
    first, last = connection.execute(select(func.min(time), func.max(time))).one()
    if first is None:
        return set()
    day = bulk.local_day(connection, time, zone, first, last)
    statement = select(rows.c.org_unit_id, day).where(time.is_not(None)).distinct()
    pairs = ((unit, bulk.as_date(value)) for unit, value in connection.execute(statement))
    return _marks(kind, pairs)


def _of_their_outages(connection: Connection, kind: str, rows: FromClause) -> set[Mark]:
    """Units and months of the outages that the rows speak of."""
    found = set()
    for table in (outages, outage_steps):
        same = and_(table.c.bureau_id == rows.c.bureau_id, table.c.outage_key == rows.c.outage_key)
        statement = select(table.c.org_unit_id, table.c.start_day).join_from(rows, table, same).distinct()
        found |= _marks(kind, connection.execute(statement))
    return found
