"""Marks of what says in what condition lines and areas are: units of the line, area or site, and a month.

What begins on a day and lasts (a defect, a site) is marked in the month in which it begins: whoever follows
the mark works from there on. What a register says holds in every month.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, FromClause, Select, and_, func, literal, select

from data_access.imports import bulk
from data_access.stale import EVERY_MONTH, Mark
from data_access.tables.condition import damage_sites
from data_access.tables.grid import areas, lines
from domain.periods import month_of

# kind -> (what its rows are at besides their own unit, the column of the day; '' for a register)
PLACES = {
    "transformers": ((areas,), ""),
    "area_loads": ((areas,), "month"),
    "load_points": ((areas,), "measured_at"),
    "voltage_days": ((areas,), "day"),
    "defects": ((areas, lines), "found_at"),
    "damage_sites": ((lines,), "opened_on"),
    "patrols": ((damage_sites,), "patrolled_on"),
    "customer_equipment": ((areas, lines), ""),
}
CODES = {areas: "area_code", lines: "line_code", damage_sites: "site_key"}


def of_rows(connection: Connection, kind: str, rows: FromClause, zone: ZoneInfo) -> set[Mark]:
    """Marks of rows of such a kind; rows has the table's columns."""
    name = PLACES[kind][1]
    found: set[Mark] = set()
    if name.endswith("_at"):
        first, last = connection.execute(select(func.min(rows.c[name]), func.max(rows.c[name]))).one()
        if first is None:
            return found
        day = bulk.local_day(connection, rows.c[name], zone, first, last)
    else:
        day = rows.c[name] if name else literal(EVERY_MONTH)
    for statement in _statements(kind, rows, day):
        for unit, value in connection.execute(statement.distinct()):
            found.add((unit, kind, month_of(bulk.as_date(value)) if name else EVERY_MONTH))
    return found


def _statements(kind: str, rows: FromClause, day: object) -> Iterator[Select]:
    """(unit, day) of each place; of a site also the unit of the line that it endangers."""
    if "org_unit_id" in rows.c:
        yield select(rows.c.org_unit_id, day)
    for register in PLACES[kind][0]:
        code = CODES[register]
        same = and_(register.c.bureau_id == rows.c.bureau_id, register.c[code] == rows.c[code])
        yield select(register.c.org_unit_id, day).join_from(rows, register, same)
        if register is damage_sites:
            its_line = and_(
                lines.c.bureau_id == register.c.bureau_id, lines.c.line_code == register.c.line_code
            )
            joined = select(lines.c.org_unit_id, day).join_from(rows, register, same)
            yield joined.join(lines, its_line)
