"""One row that a person changes, by key and version, so that no change is lost: the way of every decision.

All inside the caller's writing() transaction, so that row and audit row stand or fall together:

    with writing(engine, viewer.scope) as connection:
        check_act(connection, viewer, "edit_targets", unit_id)
        held = changing.held(connection, viewer.scope, table, key)
        <noun>.check_step(held, ...)
        done = changing.update(connection, viewer.scope, table, key, version, values)
        changing.record(connection, viewer, "targets.set", subject, done, reason)

The table has a column version, which begins at 1. What the viewer sees of it is said by a scope, held to its
org_unit_id; of a table without that by a condition on its rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, select
from sqlalchemy import update as updating

from data_access import audit, engine
from data_access.scope import within
from domain.errors import ChangedByOthers, NotFound
from domain.viewer import Scope, Viewer

Key = Mapping[str, Any]
Row = Mapping[str, Any]
Seen = Scope | ColumnElement[bool]
BATCH = "batch_id"  # which import a row came with: no part of what it says


@dataclass(frozen=True)
class Change:
    """What became of a row. was, row: as it was stored and is now, None for absent; both by column.

    before, after: what the audit log tells, only what changed, and the version; all of a new or removed row.
    """

    key: Key
    was: Row | None
    row: Row | None
    before: Row | None
    after: Row | None

    @property
    def is_nothing(self) -> bool:
        return not self.before and not self.after


def held(connection: Connection, seen: Seen, table: Table, key: Key) -> Row | None:
    """The row as it is stored, by column; None where it is absent or not seen."""
    is_seen = within(table.c.org_unit_id, seen) if isinstance(seen, Scope) else seen
    statement = select(table).where(_same(table, key), is_seen)
    row = connection.execute(statement).first()
    return None if row is None else dict(row._mapping)


def insert(
    connection: Connection, seen: Seen, table: Table, key: Key, values: Row, version: int = 1
) -> Change:
    """A row that nobody has stored yet. version: a later one where a row of the key was removed before.

    The unit was checked by the caller. Raises ChangedByOthers where somebody else stored it meanwhile.
    """
    row = {**key, **values, "version": version}
    statement = engine.insert(connection, table).values(row).on_conflict_do_nothing()
    stored = connection.execute(statement.returning(*table.columns)).first()
    if stored is None:
        raise _changed(connection, seen, table, key, values)
    said = {name: one for name, one in row.items() if name not in (*key, BATCH)}
    return Change(key, None, dict(stored._mapping), None, said)


def update(connection: Connection, seen: Seen, table: Table, key: Key, version: int, values: Row) -> Change:
    """The row with these values, one version on; as it is where it holds them already.

    version: of the row as the person saw it. Raises NotFound (gone, or not seen), and
    ChangedByOthers(mine=values, theirs=the row as it is now) where it moved on since.
    """
    was = _seen(connection, seen, table, key, version, values)
    said = [name for name, one in values.items() if was[name] != one and name != BATCH]
    if not said:
        return Change(key, was, was, {}, {})
    now = _stored(connection, seen, table, key, version, values)
    before, after = ({name: one[name] for name in (*said, "version")} for one in (was, now))
    return Change(key, was, now, before, after)


def claim(connection: Connection, seen: Seen, table: Table, key: Key, version: int) -> None:
    """The row is one version on, since what hangs on it changes: its claimer has it for the transaction.

    Raises as update() does; mine is for the caller to say.
    """
    _seen(connection, seen, table, key, version, {})
    _stored(connection, seen, table, key, version, {})


def remove(connection: Connection, seen: Seen, table: Table, key: Key, version: int) -> Change:
    """The row is gone. Raises as update() does."""
    was = _seen(connection, seen, table, key, version, {})
    statement = delete(table).where(_same(table, key), table.c.version == version)
    if connection.execute(statement).rowcount == 0:
        raise _changed(connection, seen, table, key, {})
    said = {name: one for name, one in was.items() if name not in (*key, BATCH)}
    return Change(key, was, None, said, None)


def record(
    connection: Connection, viewer: Viewer, action: str, subject: str, change: Change, reason: str = ""
) -> None:
    """The audit row of one change; none where nothing changed."""
    if change.is_nothing:
        return
    unit = (change.row or change.was)["org_unit_id"]
    audit.record(
        connection, viewer, action, subject, _plain(change.before), _plain(change.after), reason, unit
    )


def record_many(
    connection: Connection,
    viewer: Viewer,
    action: str,
    subject: str,
    changes: Sequence[tuple[str, Change]],
    reason: str = "",
    unit_id: int | None = None,
) -> None:
    """The one audit row of a bulk act: how many rows changed, and each as [subject, unit, before, after].

    action: one of audit_history.BULK, by which the rows of one subject are found in it. unit_id: a unit at or
    above those of all rows.
    """
    rows = [
        [of, (one.row or one.was)["org_unit_id"], _plain(one.before), _plain(one.after)]
        for of, one in changes
        if not one.is_nothing
    ]
    if rows:
        after = {"changed": len(rows), "changes": rows}
        audit.record(connection, viewer, action, subject, None, after, reason, unit_id)


def _same(table: Table, key: Key) -> ColumnElement[bool]:
    return and_(*(table.c[name] == one for name, one in key.items()))


def _seen(
    connection: Connection, seen: Seen, table: Table, key: Key, version: int, values: Row
) -> dict[str, Any]:
    was = held(connection, seen, table, key)
    if was is None:
        raise NotFound(*key.values())
    if was["version"] != version:
        raise ChangedByOthers(*key.values(), mine=values, theirs=was)
    return dict(was)


def _stored(
    connection: Connection, seen: Seen, table: Table, key: Key, version: int, values: Row
) -> dict[str, Any]:
    # The condition decides, not what was read before: others may commit in between.
    statement = updating(table).where(_same(table, key), table.c.version == version)
    statement = statement.values(**values, version=version + 1).returning(*table.columns)
    row = connection.execute(statement).first()
    if row is None:
        raise _changed(connection, seen, table, key, values)
    return dict(row._mapping)


def _changed(connection: Connection, seen: Seen, table: Table, key: Key, values: Row) -> Exception:
    """What to raise where the row is no longer what was seen."""
    theirs = held(connection, seen, table, key)
    if theirs is None:
        return NotFound(*key.values())
    return ChangedByOthers(*key.values(), mine=values, theirs=theirs)


def _plain(values: Row | None) -> dict[str, Any] | None:
    """As JSON can hold them: days and times as texts."""
    if values is None:
        return None
    return {name: one.isoformat() if isinstance(one, date) else one for name, one in values.items()}
