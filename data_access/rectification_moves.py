"""Items on the books follow their object to the unit that the register says now, at each refresh.

Items that are closed or cancelled stay with the unit that dealt with them.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, and_, select, true

from data_access import changing, lease, stale
from data_access import rectification_acts as acts
from data_access.changing import Row
from data_access.rectification_making import REGISTERS
from data_access.rectification_relapse import SYSTEM
from data_access.tables.rectifications import rectifications as table
from data_access.transactions import reading_all
from domain.errors import ChangedByOthers
from domain.rectifications import ON_THE_BOOKS

Moved = tuple[Row, int]  # key and version of an item, and the unit that its object has


def follow(engine: Engine, holder: str) -> int:
    """How many items moved, each with its log and audit row and with marks for both units. Raises Busy."""
    with reading_all(engine) as connection:
        waiting = _waiting(connection)
    if not waiting:
        return 0
    with lease.writing_as(engine, holder) as connection:
        marks = [_move(connection, row, unit) for row, unit in waiting]
        stale.mark(connection, (one for some in marks for one in some))
    return sum(bool(some) for some in marks)


def _waiting(connection: Connection) -> list[Moved]:
    """By key, as every act on many, so that two never wait for each other."""
    return sorted(_moved(connection), key=lambda one: (one[0]["bureau_id"], one[0]["item_id"]))


def _moved(connection: Connection) -> Iterator[Moved]:
    c = table.c
    for kind, (register, code) in REGISTERS.items():
        same = and_(register.c.bureau_id == c.bureau_id, register.c[code] == c.object_code)
        statement = select(c.bureau_id, c.item_id, c.version, register.c.org_unit_id.label("unit"))
        statement = statement.select_from(table.join(register, same)).where(
            c.object_kind == kind, c.status.in_(ON_THE_BOOKS), c.org_unit_id != register.c.org_unit_id
        )
        for row in connection.execute(statement):
            yield row._mapping, row.unit


def _move(connection: Connection, row: Row, unit: int) -> list[stale.Mark]:
    """The marks for both units, to be stored; none where it did not move."""
    key = {name: row[name] for name in ("bureau_id", "item_id")}
    try:
        change = changing.update(connection, true(), table, key, row["version"], {"org_unit_id": unit})
    except ChangedByOthers:  # somebody was faster; the next refresh looks again
        return []
    at = acts.At(connection, SYSTEM, acts.item_of(change.row))
    acts.write_log(at, "move", "")
    acts.record(at, "move", change, "")
    months = acts.months_of(change.row)
    both = (change.was["org_unit_id"], unit)
    return [(one, acts.SOURCE, month) for one in both for month in months]
