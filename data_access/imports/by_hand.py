"""Rows of an imported table that people also change one by one: how both know which came later.

A row set by hand has no batch. What it took the place of lies among the past rows, as with an import. When a
later batch takes its place, it lies there under minus the number of the newest batch before it (0: none), so
that past rows have one order: batch 5, by hand after it (-5), batch 7. A removal by hand is a withdrawn row.
Of each key at most one past row is by hand: an older one could never hold again.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, case, delete, func, insert, select, update
from sqlalchemy.sql.expression import FromClause, Select

from data_access.tables.imports import PAST


def is_versioned(table: Table) -> bool:
    """Whether people change rows of the table one by one, too."""
    return "version" in table.c


def order(past: FromClause) -> ColumnElement[int]:
    """The place of past rows of one key in time; the largest is the newest."""
    return case((past.c.batch_id <= 0, 1 - 2 * past.c.batch_id), else_=2 * past.c.batch_id)


def batch_of_kept(past: Table, row: FromClause, key: tuple[str, ...]) -> ColumnElement[int]:
    """The number under which a row becomes a past one: its batch, or after which batch it was set by hand."""
    earlier = past.alias("earlier")
    newest = select(-func.coalesce(func.max(earlier.c.batch_id), 0)).where(_same(earlier, row, key))
    return case((row.c.batch_id.is_(None), newest.scalar_subquery()), else_=row.c.batch_id)


def batch_of_restored(back: FromClause) -> ColumnElement[int]:
    """The batch of a row that holds again; none of one that was set by hand."""
    return case((back.c.batch_id > 0, back.c.batch_id))


def next_version(past: Table, row: FromClause, key: tuple[str, ...]) -> ColumnElement[int]:
    """The version of a row whose earlier ones are past: nobody may take it for one of them."""
    earlier = past.alias("earlier_versions")
    found = select(func.coalesce(func.max(earlier.c.version), 0) + 1).where(_same(earlier, row, key))
    return found.scalar_subquery()


def raise_restored(connection: Connection, past: Table, target: Table, restored: Select, key: tuple) -> None:
    """Let past rows that are about to hold again be one version on from what they take the place of."""
    chosen = restored.subquery("chosen")
    mine = and_(_same(chosen, past, key), chosen.c.batch_id == past.c.batch_id)
    held = select(target.c.version).where(_same(target, past, key)).scalar_subquery()
    highest = case((held > past.c.version, held), else_=past.c.version)
    connection.execute(
        update(past).where(select(chosen.c.batch_id).where(mine).exists()).values(version=highest + 1)
    )


def begin(connection: Connection, table: Table, key: Mapping[str, Any]) -> int:
    """The version of a row that is set by hand where none is: 1, or one on from what was there before."""
    past = PAST[table.name]
    highest = connection.scalar(select(func.max(past.c.version)).where(_of_key(past, key)))
    connection.execute(delete(past).where(_of_key(past, key), past.c.batch_id <= 0))
    return (highest or 0) + 1


def leave(connection: Connection, table: Table, key: Mapping[str, Any], was: Mapping[str, Any]) -> None:
    """Keep the imported row that a change by hand took the place of."""
    past = PAST[table.name]
    connection.execute(delete(past).where(_of_key(past, key), past.c.batch_id <= 0))
    if was["batch_id"] is not None:
        connection.execute(insert(past).values(**was, withdrawn=False))


def leave_removed(
    connection: Connection, table: Table, key: Mapping[str, Any], was: Mapping[str, Any]
) -> None:
    """Keep the row that was removed by hand, and that it was."""
    leave(connection, table, key, was)
    past = PAST[table.name]
    newest = connection.scalar(select(func.max(past.c.batch_id)).where(_of_key(past, key)))
    connection.execute(insert(past).values({**was, "batch_id": -(newest or 0), "withdrawn": True}))


def _of_key(past: Table, key: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*(past.c[name] == one for name, one in key.items()))


def _same(one: FromClause, other: FromClause, key: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(*(one.c[name] == other.c[name] for name in key))
