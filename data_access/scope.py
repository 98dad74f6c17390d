"""Access by org unit, as SQL. Every read here passes through within(); a filter after reading is too late."""

from sqlalchemy import ColumnElement, Connection, select

from data_access.tables.org import org_closure, org_units
from data_access.transactions import check_fresh
from domain.errors import NotAllowed, NotFound
from domain.viewer import Scope, Viewer


def within(column: ColumnElement[int], scope: Scope) -> ColumnElement[bool]:
    """Condition: the org unit in `column` lies in the scope."""
    return column.in_(select(org_closure.c.descendant_id).where(org_closure.c.ancestor_id.in_(scope.roots)))


def below(column: ColumnElement[int], unit_id: int) -> ColumnElement[bool]:
    """Condition: the org unit in `column` is unit_id or lies below it."""
    return column.in_(select(org_closure.c.descendant_id).where(org_closure.c.ancestor_id == unit_id))


def inside(column: ColumnElement[int], scope: Scope, unit_id: int) -> ColumnElement[bool]:
    """Condition: both, as one list of units: from two, a database may take the longer to start from."""
    units = select(org_closure.c.descendant_id).where(org_closure.c.ancestor_id == unit_id)
    return column.in_(units.where(within(org_closure.c.descendant_id, scope)))


def check_unit(connection: Connection, scope: Scope, unit_id: int) -> None:
    """Raises NotFound unless the unit exists and lies in the scope, SignInNeeded where that is too old."""
    check_fresh(scope)
    statement = select(org_units.c.id).where(org_units.c.id == unit_id, within(org_units.c.id, scope))
    if connection.execute(statement).first() is None:
        raise NotFound(unit_id)


def check_act(connection: Connection, viewer: Viewer, act: str, unit_id: int) -> None:
    """Raises NotFound for a unit outside the viewer's scope, NotAllowed where they may not do this there."""
    allowed = viewer.scope_for(act)
    check_unit(connection, viewer.scope, unit_id)
    try:
        check_unit(connection, allowed, unit_id)
    except NotFound as error:
        raise NotAllowed(act) from error


def outermost(connection: Connection, scope: Scope) -> Scope:
    """The same units, by the roots that lie below no other root."""
    nested = select(org_closure.c.descendant_id).where(
        org_closure.c.ancestor_id.in_(scope.roots),
        org_closure.c.descendant_id.in_(scope.roots),
        org_closure.c.depth > 0,
    )
    inner = set(connection.execute(nested).scalars())
    return Scope(tuple(sorted(set(scope.roots) - inner)), scope.until)


def is_whole_company(connection: Connection, scope: Scope) -> bool:
    """Whether no unit lies outside the scope; true before there is any unit."""
    tops = select(org_units.c.id).where(org_units.c.parent_id.is_(None))
    return set(connection.execute(tops).scalars()) <= set(scope.roots)
