"""Extensions of a due date: asked for and decided, each with the item's version, log row and audit row."""

from datetime import date

from sqlalchemy import Connection, Engine, insert, select, update

from data_access import rectification_acts as acts
from data_access.scope import check_unit, inside
from data_access.tables.rectifications import rectification_extensions as table
from data_access.tables.rectifications import rectifications as items
from data_access.transactions import reading
from domain import rectification_extensions as rules
from domain import rectifications
from domain.errors import NotFound
from domain.periods import utc_now
from domain.rectification_extensions import Extension
from domain.rectification_rights import APPROVE, EDIT, WORK
from domain.rectifications import Rectification
from domain.viewer import Scope, Viewer

COLUMNS = [table.c[name] for name in Extension.__dataclass_fields__]


def ask(
    engine: Engine, viewer: Viewer, bureau_id: str, item_id: str, version: int, to_due: date, reason: str
) -> Rectification:
    """The item, one version on; its due date holds until somebody else approves.

    Raises NotFound, NotAllowed, ChangedByOthers and what rectification_extensions.check_ask() does.
    """
    mine = {"to_due": to_due}
    with acts.opened(
        engine, viewer, bureau_id, item_id, version, (EDIT, WORK), is_for_workers=True, mine=mine
    ) as at:
        earlier = of_item(at.connection, bureau_id, item_id)
        rules.check_ask(at.item, earlier, to_due, reason, acts.today())
        row = {"no": len(earlier) + 1, "from_due": at.item.current_due, "to_due": to_due, "state": "asked"}
        row |= {"asked_at": utc_now(), "asked_by_id": viewer.person_id, "asked_by": viewer.name}
        said = {"no": row["no"], "from_due": at.item.current_due, "to_due": to_due}
        item = acts.claimed(at, "extension_ask", said, reason)
        at.connection.execute(insert(table).values(**at.key, **row, reason=reason.strip()))
        return item


def decide(
    engine: Engine,
    viewer: Viewer,
    bureau_id: str,
    item_id: str,
    version: int,
    no: int,
    is_approved: bool,
    reason: str = "",
) -> Rectification:
    """The item, with the later due date where it was approved; the original one stays.

    Raises NotFound, NotAllowed, ChangedByOthers and what rectification_extensions.check_decide() does.
    """
    with acts.opened(engine, viewer, bureau_id, item_id, version, (APPROVE,)) as at:
        wanted = next((one for one in of_item(at.connection, bureau_id, item_id) if one.no == no), None)
        if wanted is None:
            raise NotFound(bureau_id, item_id, no)
        rules.check_decide(at.item, wanted, viewer.person_id, is_approved, reason)
        state = "approved" if is_approved else "refused"
        said = {"no": no, "state": state, "from_due": wanted.from_due, "to_due": wanted.to_due}
        due = {"current_due": wanted.to_due} if is_approved else {}
        item = acts.claimed(at, "extension_decide", said, reason, due)
        row = {"state": state, "decided_at": utc_now(), "decision_reason": reason.strip()}
        row |= {"decided_by_id": viewer.person_id, "decided_by": viewer.name}
        at.connection.execute(update(table).where(_of(bureau_id, item_id), table.c.no == no).values(**row))
        return item


def waiting(engine: Engine, scope: Scope, unit_id: int) -> list[tuple[Rectification, Extension]]:
    """Requests that nobody has decided on, with their items, the nearest due date first. Raises NotFound."""
    same = (items.c.bureau_id == table.c.bureau_id) & (items.c.item_id == table.c.item_id)
    statement = (
        select(*acts.COLUMNS, table.c.no)
        .join(table, same)
        .where(
            inside(items.c.org_unit_id, scope, unit_id),
            table.c.state == "asked",
            items.c.status.in_(rectifications.STEPS["extension_decide"][0]),
        )
        .order_by(items.c.current_due, items.c.bureau_id, items.c.item_id)
    )
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        found = [(acts.item_of(row._mapping), row.no) for row in connection.execute(statement).all()]
        return [(item, of_item(connection, item.bureau_id, item.item_id)[no - 1]) for item, no in found]


def of_item(connection: Connection, bureau_id: str, item_id: str) -> list[Extension]:
    """All that were asked for, the first first; the caller has seen the item."""
    statement = select(*COLUMNS).where(_of(bureau_id, item_id)).order_by(table.c.no)
    return [
        Extension(**dict(row._mapping) | {"decided_by": row.decided_by or ""})
        for row in connection.execute(statement)
    ]


def _of(bureau_id: str, item_id: str):
    return (table.c.bureau_id == bureau_id) & (table.c.item_id == item_id)
