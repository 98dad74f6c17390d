"""Which figures a change of rows makes stale: units and months of the rows as they were and as they are."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, and_, func, select, tuple_

from data_access import settings
from data_access.imports import bulk, marking_condition
from data_access.stale import EVERY_MONTH, Mark
from data_access.tables.grid import areas, lines
from data_access.tables.outages import notices, outage_steps, outages
from domain.periods import month_of

# Kinds whose change makes everything stale, since nothing says which months it reaches.
EVERYTHING = frozenset({"units", "calendar_days"})


def of_outages(connection: Connection, bureau_id: str, touched: Table) -> set[Mark]:
    """Marks of all steps of the touched outages as they are now: their units and those of area and lines."""
    own = (outages.c.bureau_id == bureau_id) & outages.c.outage_key.in_(select(touched.c.key))
    return of_summaries(connection, bureau_id, outages, outage_steps, own)


def of_summaries(
    connection: Connection, bureau_id: str, summaries: Table, steps: Table, mine: ColumnElement[bool]
) -> set[Mark]:
    """Marks of those outages with their steps, and of the plans that name them; both tables may be staged.

    Areas and lines are looked up here, not joined: PostgreSQL has no figures on a bureau whose rows have
    just arrived, takes it for one row of each, and compared every step with every area.
    """
    same = and_(steps.c.bureau_id == summaries.c.bureau_id, steps.c.outage_key == summaries.c.outage_key)
    statement = select(
        summaries.c.start_day,
        summaries.c.org_unit_id,
        steps.c.org_unit_id,
        steps.c.area_code,
        steps.c.line_code,
    )
    statement = statement.join_from(summaries, steps, same).where(mine).distinct()
    of_area, of_line = _units_of_grid(connection, bureau_id)
    pairs: set[tuple[int | None, date]] = set()
    for day, unit, step_unit, area, line in connection.execute(statement):
        at_place = (*of_area.get(area, ()), of_line.get(line))
        pairs.update((one, day) for one in (unit, step_unit, *at_place))
    found = _marks("outages", ((unit, day) for unit, day in pairs if unit is not None))
    # Whether a plan was carried out counts on its own unit, in the month for which it was announced.
    return found | _of_plans(connection, select(summaries.c.bureau_id, summaries.c.outage_key).where(mine))


def _units_of_grid(
    connection: Connection, bureau_id: str
) -> tuple[dict[str, tuple[int | None, int | None]], dict[str, int]]:
    """Units by area (its own and that of its line: it counts there whatever a step names) and by line."""
    statement = select(lines.c.line_code, lines.c.org_unit_id).where(lines.c.bureau_id == bureau_id)
    of_line = dict(connection.execute(statement).all())
    statement = select(areas.c.area_code, areas.c.org_unit_id, areas.c.line_code)
    found = connection.execute(statement.where(areas.c.bureau_id == bureau_id))
    return {code: (unit, of_line.get(line)) for code, unit, line in found}, of_line


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
        # Several messages are one plan, which counts where the first of them was published.
        found |= _of_plans(connection, select(rows.c.bureau_id, rows.c.outage_key))
        return found | _of_their_outages(connection, kind, rows)
    if kind == "promises":
        return _of_their_outages(connection, kind, rows)
    if kind in marking_condition.PLACES:
        return marking_condition.of_rows(connection, kind, rows, zone)
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


def _of_plans(connection: Connection, outage_keys: Select) -> set[Mark]:
    """Units and announced months of the plans that name one of the outages (bureau_id, outage_key)."""
    named = tuple_(notices.c.bureau_id, notices.c.outage_key).in_(outage_keys)
    plans = select(notices.c.org_unit_id, notices.c.announced_start).where(named, notices.c.kind == "planned")
    zone = settings.company_timezone()
    return _days_of(connection, "notices", plans.subquery("plans"), "announced_start", zone)


def _of_their_outages(connection: Connection, kind: str, rows: FromClause) -> set[Mark]:
    """Units and months of the outages that the rows speak of."""
    found = set()
    for table in (outages, outage_steps):
        # Not a join: SQLite would go through the staged rows, which have no index on it, for every outage.
        theirs = tuple_(table.c.bureau_id, table.c.outage_key).in_(
            select(rows.c.bureau_id, rows.c.outage_key)
        )
        statement = select(table.c.org_unit_id, table.c.start_day).where(theirs).distinct()
        found |= _marks(kind, connection.execute(statement))
    return found
