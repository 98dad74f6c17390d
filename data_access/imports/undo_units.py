"""Units of an import that is taken back: as they were before it, or gone where it made them."""

from typing import Any

from sqlalchemy import Connection, delete, select, update

from data_access import org_units as tree
from data_access import stale
from data_access.imports import bulk, moving, references
from data_access.tables.imports import PAST, import_batches
from data_access.tables.org import org_closure, org_units
from domain.org_units import LEVELS

past = PAST["org_units"]


def undo(connection: Connection, batch_id: int) -> int:
    """How many units went; until the transaction ends, nobody else changes units or customers served.

    Raises CannotBeUndone naming what refers to them.
    """
    bulk.one_at_a_time(connection, "units")
    before = tree.all_units(connection)
    mine = connection.execute(select(org_units).where(org_units.c.batch_id == batch_id)).all()
    connection.execute(delete(past).where(past.c.batch_id == batch_id))
    vanishing, is_changed = [], False
    for unit in mine:
        newest = connection.execute(
            select(past).where(past.c.code == unit.code).order_by(past.c.batch_id.desc()).limit(1)
        ).first()
        if newest is None:
            vanishing.append(unit)
            continue
        is_changed |= _restore(connection, unit, newest)
    if vanishing:
        _remove(connection, vanishing, batch_id)
    if vanishing or is_changed:
        tree.rebuild_closure(connection)
        moving.keep_coverage(connection, before, since_batch=batch_id)
        moving.drop_repeated(connection, {unit.id for unit in mine})
        stale.mark_everything(connection)
    return len(vanishing)


def _restore(connection: Connection, unit: Any, newest: Any) -> bool:
    """Write the earlier row back; whether it said anything else."""
    values = {name: value for name, value in newest._mapping.items() if name != "withdrawn"}
    connection.execute(update(org_units).where(org_units.c.id == unit.id).values(**values))
    connection.execute(delete(past).where(past.c.code == unit.code, past.c.batch_id == newest.batch_id))
    return any(value != getattr(unit, name) for name, value in values.items() if name != "batch_id")


def _remove(connection: Connection, units: list[Any], batch_id: int) -> None:
    ids = [unit.id for unit in units]
    references.refuse(references.to_units(connection, ids, batch_id), batch_id)
    # The batch itself, and undone ones, need no unit any more to be listed.
    undone = import_batches.c.org_unit_id.in_(ids)
    connection.execute(update(import_batches).where(undone).values(org_unit_id=None))
    connection.execute(delete(org_closure).where(org_closure.c.descendant_id.in_(ids)))
    for unit in sorted(units, key=lambda one: -LEVELS.index(one.level)):
        connection.execute(delete(org_units).where(org_units.c.id == unit.id))
