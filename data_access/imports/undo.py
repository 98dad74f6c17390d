"""An import is taken back: per source key, the row of the newest batch that is not undone holds again.

Refused, naming the rows, where later work refers to something that would vanish. The batch and its warnings
stay as history; its rows go.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    union,
    update,
)

from data_access import audit, settings, stale
from data_access.imports import (
    bulk,
    by_hand,
    counted_twice,
    marking,
    references,
    staging,
    undo_units,
    warned,
    writable,
)
from data_access.imports import take_over as taking
from data_access.imports.finishing import TABLES
from data_access.imports.staging import Staging
from data_access.scope import within
from data_access.tables.imports import PAST, import_batches, source_coverage
from data_access.transactions import committing
from domain.errors import InvalidInput, NotAllowed, NotFound, StepNotAllowed
from domain.import_kinds import kinds
from domain.periods import utc_now
from domain.viewer import Scope, Viewer, undo_act


@dataclass(frozen=True)
class UndoResult:
    """What taking a batch back did to the rows that hold."""

    removed: int
    restored: int
    units_removed: int


def undo(engine: Engine, viewer: Viewer, batch_id: int, reason: str) -> UndoResult:
    """Take a batch back.

    Raises NotFound, NotAllowed, StepNotAllowed, CannotBeUndone, InvalidInput("reason_missing" |
    "batch_beyond_scope": it touched units outside the viewer's).
    """
    if not any(viewer.may(undo_act(kind)) for kind in kinds()):
        raise NotAllowed("undo")
    if not reason.strip():
        raise InvalidInput("reason_missing")
    with engine.connect() as connection:
        kind = connection.scalar(select(import_batches.c.kind).where(import_batches.c.id == batch_id))
    if kind is None:
        raise NotFound(batch_id)
    viewer = viewer.acting(undo_act(kind))
    with staging.opened(engine, TABLES[kinds()[kind].table]) as store, committing(store.connection):
        connection = store.connection
        batch = _batch(connection, viewer, batch_id)
        writable.check_undo(connection, viewer.scope, store.target, batch_id)
        bulk.one_at_a_time(connection, f"import {batch.bureau_id}")
        bulk.nobody_by_hand(connection, store.target)
        is_counting = kind in counted_twice.KINDS
        twice = counted_twice.pairs(connection) if is_counting else {}
        stale.mark_coverage(connection, batch_id)
        connection.execute(delete(source_coverage).where(source_coverage.c.batch_id == batch_id))
        removed, restored = (0, 0) if kind == "units" else _rows(store, batch, viewer.scope)
        units = undo_units.undo(connection, batch_id)
        if is_counting:
            counted_twice.check_undo(connection, twice)
        state = {
            "state": "undone",
            "undone_at": utc_now(),
            "undone_by": viewer.name,
            "undo_reason": reason,
        }
        connection.execute(update(import_batches).where(import_batches.c.id == batch_id).values(**state))
        warned.wait_again(connection, batch_id)
        after = {"removed": removed, "restored": restored, "units_removed": units}
        audit.record(
            connection,
            viewer,
            "import.undo",
            f"batch {batch_id} {kind}",
            None,
            after,
            reason,
            batch.org_unit_id,
        )
    return UndoResult(removed, restored, units)


def _batch(connection: Connection, viewer: Viewer, batch_id: int) -> Any:
    """The batch, kept from being undone by somebody else at the same time."""
    c = import_batches.c
    mine = or_(within(c.org_unit_id, viewer.scope), c.org_unit_id.is_(None))
    batch = connection.execute(select(import_batches).where(c.id == batch_id, mine).with_for_update()).first()
    if batch is None:
        raise NotFound(batch_id)
    if batch.state != "taken":
        raise StepNotAllowed(f"batch_{batch.state}", batch=batch_id)
    return batch


def _rows(store: Staging, batch: Any, scope: Scope) -> tuple[int, int]:
    """Restore the batch's keys; how many rows went and how many came back."""
    kind, bureau_id, batch_id = batch.kind, batch.bureau_id, batch.id
    connection, target, past = store.connection, store.target, PAST[store.target.name]
    zone = settings.company_timezone()
    _note_keys(store, batch_id)
    keys = select(*(store.rows.c[name] for name in store.key))
    theirs = tuple_(*(past.c[name] for name in store.key)).in_(keys) & (past.c.batch_id != batch_id)
    newest = (
        select(*(past.c[name] for name in store.key), func.max(by_hand.order(past)).label("place"))
        .where(theirs)
        .group_by(*(past.c[name] for name in store.key))
        .subquery("newest")
    )
    restored = select(past).join_from(
        past,
        newest,
        and_(taking.same_key(store, past, newest), by_hand.order(past) == newest.c.place),
    )
    restored = restored.where(past.c.withdrawn.is_(False))
    writable.check_restored(connection, scope, past, restored)
    mine = target.c.batch_id == batch_id
    marks = _before(store, kind, bureau_id, select(target).where(mine), restored)

    if by_hand.is_versioned(target):
        by_hand.raise_restored(connection, past, target, restored, store.key)
    back = restored.subquery("back")
    count = connection.execute(select(func.count()).select_from(back)).scalar_one()
    removed = connection.execute(delete(target).where(mine)).rowcount
    connection.execute(delete(past).where(past.c.batch_id == batch_id))
    columns = [one.name for one in target.columns]
    values = {name: back.c[name] for name in columns} | {"batch_id": by_hand.batch_of_restored(back)}
    connection.execute(insert(target).from_select(columns, select(*values.values())))
    is_by_hand = target.c.batch_id.is_(None) & (past.c.batch_id <= 0)
    is_held = or_(target.c.batch_id == past.c.batch_id, is_by_hand)
    in_target = exists().where(taking.same_key(store, target, past), is_held, past.c.withdrawn.is_(False))
    among = tuple_(*(past.c[name] for name in store.key)).in_(keys)
    connection.execute(delete(past).where(among, in_target))
    now = select(target).where(tuple_(*(target.c[name] for name in store.key)).in_(keys)).subquery("now")
    taking.after(store, kind, bureau_id, now, zone, marks)
    references.refuse(references.to_vanished(store, kind, bureau_id, batch_id), batch_id)
    return removed, count


def _note_keys(store: Staging, batch_id: int) -> None:
    """Stage the keys whose row may change: the batch's, and those it withdrew and nobody gave again."""
    target, past, rows = store.target, PAST[store.target.name], store.rows
    names = list(store.key)
    present = exists().where(taking.same_key(store, target, past))
    withdrawn = select(*(past.c[name] for name in names)).where(
        past.c.batch_id == batch_id, past.c.withdrawn.is_(True), ~present
    )
    mine = select(*(target.c[name] for name in names)).where(target.c.batch_id == batch_id)
    keys = union(mine, withdrawn).subquery("keys")
    number = func.row_number().over(order_by=[keys.c[name] for name in names])
    store.connection.execute(
        insert(rows).from_select(["row_no", *names], select(number, *(keys.c[name] for name in names)))
    )


def _before(store: Staging, kind: str, bureau_id: str, mine: Select, restored: Select) -> set[stale.Mark]:
    """Note what must be derived anew, and the marks of everything as it was."""
    key = {"outages": "outage_key", "notices": "notice_key"}.get(kind)
    was, back = mine.subquery("was"), restored.subquery("back")
    if key:
        taking.touch(store, union(select(was.c[key]), select(back.c[key])))
    if kind == "outages":
        return marking.of_outages(store.connection, bureau_id, store.touched)
    return marking.of_rows(store.connection, kind, was, settings.company_timezone())
