"""What an import or an undo may touch: rows of the viewer's units, in key spaces that these units use.

A row outside looks to a viewer as if it were not there; what hits one is refused in words that say no more.
Nothing here is asked of somebody whose units are the whole company.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Select, Table, exists, false, literal, select

from data_access import row_security
from data_access.imports.made_units import UnitRow
from data_access.scope import is_whole_company, within
from data_access.tables import metadata
from data_access.tables.grid import areas, lines
from data_access.tables.imports import PAST, source_coverage
from data_access.tables.org import org_units
from data_access.tables.outages import outages
from domain.errors import InvalidInput
from domain.org_units import LEVELS
from domain.viewer import Scope

# Rows without a unit of their own belong to that of what they are about.
ABOUT = {name: (metadata.tables[other], key) for name, (other, key) in row_security.IMPORTED_ABOUT.items()}


def of_scope(table: Table, scope: Scope) -> ColumnElement[bool]:
    """Condition on rows of an imported table, or of its twin for past rows: they belong to the scope."""
    name = table.name.removesuffix("_past")
    if name == "org_units":
        return within(table.c.id, scope)
    if "org_unit_id" in table.c:
        return within(table.c.org_unit_id, scope)
    if name not in ABOUT:
        return false()  # the calendar is the whole company's
    about, key = ABOUT[name]
    same = (about.c.bureau_id == table.c.bureau_id) & (about.c[key] == table.c[key])
    return exists().where(same, within(about.c.org_unit_id, scope))


def check_key_space(
    connection: Connection, scope: Scope, target: Table, bureau: str, given: Iterable[UnitRow]
) -> None:
    """Raises InvalidInput("unknown_bureau") for a key space of nobody in the scope.

    It must be the home of a unit in the scope, hold a row of one already, or come to be with a unit that the
    file itself brings.
    """
    if any(row.code == bureau and _has_own_key_space(row) for row in given):
        return
    used = [
        select(literal(1)).where(table.c.bureau_id == bureau, of_scope(table, scope)).limit(1)
        for table in dict.fromkeys((org_units, areas, lines, outages, target))
        if "bureau_id" in table.c
    ]
    if not any(connection.execute(one).first() for one in used):
        raise InvalidInput("unknown_bureau", bureau=bureau)


def _has_own_key_space(row: UnitRow) -> bool:
    return not row.parent or LEVELS.index(row.level) <= LEVELS.index("city")


def check_made_units(connection: Connection, scope: Scope, given: Iterable[UnitRow]) -> None:
    """Raises InvalidInput("unknown_unit") where units made from a file are not the scope's to make."""
    codes = {row.code: row for row in given}
    if not codes or is_whole_company(connection, scope):
        return
    c = org_units.c
    visible = set(connection.execute(select(c.code).where(within(c.id, scope))).scalars())
    existing = set(connection.execute(select(c.code)).scalars())
    for code, row in codes.items():
        if code not in visible and (code in existing or not row.parent):
            raise InvalidInput("unknown_unit", unit=code)


def check_undo(connection: Connection, scope: Scope, target: Table, batch_id: int) -> None:
    """Raises InvalidInput("batch_beyond_scope") where the batch touched what is outside the scope."""
    if is_whole_company(connection, scope):
        return
    tables = dict.fromkeys((target, PAST[target.name], org_units, PAST["org_units"]))
    outside = [
        select(literal(1)).where(one.c.batch_id == batch_id, ~of_scope(one, scope)).limit(1) for one in tables
    ]
    covered = source_coverage.c
    outside.append(
        select(literal(1)).where(covered.batch_id == batch_id, ~within(covered.org_unit_id, scope)).limit(1)
    )
    if any(connection.execute(one).first() for one in outside):
        raise InvalidInput("batch_beyond_scope")


def check_restored(connection: Connection, scope: Scope, past: Table, restored: Select) -> None:
    """Raises InvalidInput("batch_beyond_scope") where a row that would hold again is outside the scope."""
    if is_whole_company(connection, scope):
        return
    if connection.execute(restored.where(~of_scope(past, scope)).limit(1)).first():
        raise InvalidInput("batch_beyond_scope")
