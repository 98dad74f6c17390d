"""Targets of a unit and those it inherits from the units above."""

from sqlalchemy import Engine, and_, or_, select

from data_access.scope import check_unit
from data_access.tables.org import org_closure
from data_access.tables.rules import targets
from data_access.transactions import reading
from domain.periods import Period
from domain.target_state import Target
from domain.viewer import Scope

COLUMNS = [
    targets.c[name]
    for name in (
        "kpi",
        "org_unit_id",
        "period_kind",
        "period",
        "kind",
        "value",
        "for_below",
        "source",
        "version",
    )
]


def targets_for(engine: Engine, scope: Scope, unit_id: int, period: Period) -> list[Target]:
    """Targets for exactly this period (kind and key) of the unit, and of units above where for_below.

    Give it to target_state.pick() together with path_of(). What is inherited belongs to the unit, so it is
    read from beyond the scope too. Raises NotFound outside the scope.
    """
    statement = (
        select(*COLUMNS)
        .join(org_closure, org_closure.c.ancestor_id == targets.c.org_unit_id)
        .where(
            org_closure.c.descendant_id == unit_id,
            or_(org_closure.c.depth == 0, targets.c.for_below),
            and_(targets.c.period_kind == period.kind, targets.c.period == period.key()),
        )
        .order_by(targets.c.kpi, org_closure.c.depth)
    )
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return [Target(**row._mapping) for row in connection.execute(statement)]


def path_of(engine: Engine, scope: Scope, unit_id: int) -> tuple[int, ...]:
    """Ids from the company's top down to unit_id, beyond the scope too, since targets inherit from there.

    Raises NotFound outside the scope.
    """
    statement = (
        select(org_closure.c.ancestor_id)
        .where(org_closure.c.descendant_id == unit_id)
        .order_by(org_closure.c.depth.desc())
    )
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return tuple(connection.execute(statement).scalars())
