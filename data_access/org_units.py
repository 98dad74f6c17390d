"""Org units and their closure: the tree that every figure is rolled up along."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Engine, delete, insert, literal, select

from data_access.scope import check_unit, within
from data_access.tables.org import org_closure, org_units
from data_access.transactions import reading
from domain.org_units import OrgUnit, lowest_common
from domain.viewer import Scope

COLUMNS = [column for column in org_units.c if column.name != "batch_id"]


def all_units(connection: Connection) -> dict[int, OrgUnit]:
    """Every unit by id, for import, refresh and the command line; pages use those below."""
    return {row.id: OrgUnit(**row._mapping) for row in connection.execute(select(*COLUMNS))}


def lowest_over(connection: Connection, unit_ids: Iterable[int]) -> int | None:
    """The lowest unit at or above all of them that are still there; None without any, or in no one tree."""
    units = all_units(connection)
    return lowest_common((one for one in unit_ids if one in units), units)


def visible(engine: Engine, scope: Scope) -> dict[int, OrgUnit]:
    """Units inside the scope by id, top first, then by code."""
    statement = select(*COLUMNS).where(within(org_units.c.id, scope)).order_by(org_units.c.code)
    with reading(engine, scope) as connection:
        return {row.id: OrgUnit(**row._mapping) for row in connection.execute(statement)}


def path(engine: Engine, scope: Scope, unit_id: int) -> list[OrgUnit]:
    """The units from the top of the scope down to unit_id, for the breadcrumb. Raises NotFound."""
    statement = (
        select(*COLUMNS)
        .join(org_closure, org_closure.c.ancestor_id == org_units.c.id)
        .where(org_closure.c.descendant_id == unit_id, within(org_units.c.id, scope))
        .order_by(org_closure.c.depth.desc())
    )
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return [OrgUnit(**row._mapping) for row in connection.execute(statement)]


def children(engine: Engine, scope: Scope, unit_id: int) -> list[OrgUnit]:
    """The units directly below unit_id, by code. Raises NotFound."""
    statement = select(*COLUMNS).where(org_units.c.parent_id == unit_id).order_by(org_units.c.code)
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return [OrgUnit(**row._mapping) for row in connection.execute(statement)]


def by_code(engine: Engine, scope: Scope, code: str) -> OrgUnit | None:
    """The unit with that code, or None if absent or outside the scope."""
    statement = select(*COLUMNS).where(org_units.c.code == code, within(org_units.c.id, scope))
    with reading(engine, scope) as connection:
        row = connection.execute(statement).first()
    return OrgUnit(**row._mapping) if row else None


def whole_company(engine: Engine) -> Scope:
    """Scope of every unit, for the local administrator and the command line."""
    statement = select(org_units.c.id).where(org_units.c.parent_id.is_(None)).order_by(org_units.c.id)
    with reading(engine) as connection:
        return Scope(tuple(connection.execute(statement).scalars()))


def rebuild_closure(connection: Connection, units: Mapping[int, OrgUnit] | None = None) -> None:
    """Write the closure anew from the parents; small, so never patched."""
    units = all_units(connection) if units is None else units
    rows = []
    for unit in units.values():
        above, depth = unit, 0
        rows.append({"ancestor_id": unit.id, "descendant_id": unit.id, "depth": 0})
        while above.parent_id is not None:
            above, depth = units[above.parent_id], depth + 1
            rows.append({"ancestor_id": above.id, "descendant_id": unit.id, "depth": depth})
    connection.execute(delete(org_closure).where(literal(True)))
    if rows:
        connection.execute(insert(org_closure), rows)
