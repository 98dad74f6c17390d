"""All that lies with one person goes to another, when somebody leaves or moves: one act, one audit row."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, or_, select

from data_access import changing, org_units, rectification_people
from data_access import rectification_acts as acts
from data_access.rectification_acts import At
from data_access.scope import check_unit, inside
from data_access.tables.rectifications import rectifications as table
from data_access.transactions import reading, writing
from domain import rectifications
from domain.errors import InvalidInput
from domain.rectification_rights import EDIT
from domain.rectifications import ON_THE_BOOKS, Rectification, subject
from domain.viewer import Scope, Viewer


def lying_with(engine: Engine, viewer: Viewer, unit_id: int, person_id: int) -> list[Rectification]:
    """The items on the books that hand_over_all() would hand over, by number. Raises NotFound, NotAllowed."""
    scope = viewer.scope_for(EDIT)
    with reading(engine, viewer.scope) as connection:
        check_unit(connection, viewer.scope, unit_id)
        return _lying_with(connection, scope, unit_id, person_id)


def hand_over_all(
    engine: Engine, viewer: Viewer, unit_id: int, person_id: int, to_id: int, reason: str
) -> int:
    """How many items on the books of the unit and below went from one person to the other.

    Responsible or co-responsible; where the other had the second part already, it is left empty. Only for
    units for which the viewer may. All or nothing. Raises NotFound, NotAllowed, InvalidInput("hand_over_same"
    | "reason_missing" | "rectification_person", unit: one in which the other cannot be given work).
    """
    rectifications.check_reason(reason)
    if person_id == to_id:
        raise InvalidInput("hand_over_same")
    scope = viewer.scope_for(EDIT)
    with writing(engine, viewer.scope) as connection:
        check_unit(connection, viewer.scope, unit_id)
        found = _lying_with(connection, scope, unit_id, person_id)
        names = {
            unit: rectification_people.name_of(connection, viewer.scope, unit, to_id)
            for unit in sorted({one.org_unit_id for one in found})
        }
        changes = []
        for item in found:
            at = At(connection, viewer, item)
            values = _values(item, person_id, to_id, names[item.org_unit_id])
            change = changing.update(connection, scope, table, at.key, item.version, values)
            acts.write_log(at, "hand_over", reason, to=(to_id, names[item.org_unit_id]))
            changes.append((subject(item.bureau_id, item.item_id), acts.told(change)))
        at_unit = org_units.lowest_over(connection, {one.org_unit_id for one in found})
        about = f"{len(changes)} items"
        changing.record_many(
            connection, viewer, "rectifications.hand_over_all", about, changes, reason.strip(), at_unit
        )
    return len(changes)


def _lying_with(
    connection: Connection, scope: Scope, unit_id: int, person_id: int
) -> Sequence[Rectification]:
    mine = or_(table.c.responsible_id == person_id, table.c.co_responsible_id == person_id)
    statement = select(*acts.COLUMNS).where(
        inside(table.c.org_unit_id, scope, unit_id), mine, table.c.status.in_(ON_THE_BOOKS)
    )
    found = [acts.item_of(row._mapping) for row in connection.execute(statement)]
    # One order, so that two never wait for each other; a database may sort texts otherwise than we do.
    return sorted(found, key=lambda one: (one.bureau_id, one.item_id))


def _values(item: Rectification, person_id: int, to_id: int, name: str) -> dict[str, object]:
    values: dict[str, object] = {"worked_by_ids": acts.hands(item, to_id)}
    if item.responsible_id == person_id:
        values |= {"responsible_id": to_id, "responsible": name}
        if item.co_responsible_id == to_id:
            values |= {"co_responsible_id": None, "co_responsible": None}
    else:
        is_both = item.responsible_id == to_id
        values |= {"co_responsible_id": None if is_both else to_id}
        values |= {"co_responsible": None if is_both else name}
    return values
