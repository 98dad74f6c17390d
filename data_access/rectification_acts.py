"""What every act on a rectification item has in common: one transaction, version, log and audit row.

    with acts.opened(engine, viewer, bureau_id, item_id, version, ("edit_rectifications",)) as at:
        rectifications.check_step(at.item, "cancel")
        acts.store(at, "cancel", {"status": "cancelled", ...}, reason)

Row, log row and audit row stand or fall together. Of people the audit log holds numbers, never names.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from data_access import changing, stale
from data_access.changing import Change
from data_access.scope import check_act
from data_access.settings import company_timezone
from data_access.tables.rectifications import rectification_log as log
from data_access.tables.rectifications import rectifications as table
from data_access.transactions import writing
from domain.errors import ChangedByOthers, NotAllowed, NotFound
from domain.periods import local_today, month_of, utc_now
from domain.rectifications import Rectification, subject
from domain.viewer import Scope, Viewer

FIELDS = tuple(one.name for one in fields(Rectification))
NAMES = frozenset(column.name for column in table.c if "name_of" in column.info)
SOURCE = "rectifications"
FOR_FIGURES = ("status", "original_due", "current_due", "done_at", "closed_at", "relapsed_on", "found_on")
COLUMNS = [table.c[one.name] for one in fields(Rectification)]


@dataclass(frozen=True)
class At:
    """An item in the transaction that changes it, and who does so.

    collected: of an act on many, what its one audit row will list and its one mark() is for; None: each step
    has its own.
    """

    connection: Connection
    viewer: Viewer
    item: Rectification
    collected: list[tuple[str, Change]] | None = None

    @property
    def key(self) -> dict[str, str]:
        return {"bureau_id": self.item.bureau_id, "item_id": self.item.item_id}


def today() -> date:
    """The company's day, by which due dates are judged; never a day that a page hands in."""
    return local_today(company_timezone())


def item_of(row: Mapping[str, Any]) -> Rectification:
    """The item of a row with all COLUMNS."""
    held = {name: row[name] for name in FIELDS}
    held |= {name: held[name] or "" for name in NAMES}
    return Rectification(**held | {"worked_by_ids": tuple(held["worked_by_ids"])})


@contextmanager
def opened(
    engine: Engine,
    viewer: Viewer,
    bureau_id: str,
    item_id: str,
    version: int,
    allowed_by: Sequence[str],
    is_for_workers: bool = False,
    mine: Mapping[str, Any] | None = None,
) -> Iterator[At]:
    """The item inside a write transaction, for who may act on it, as that person saw it.

    allowed_by: any of these acts will do; is_for_workers: or being responsible for it. mine: what is to be
    stored, for who was too late. Raises NotFound, NotAllowed, ChangedByOthers.
    """
    with writing(engine, viewer.scope) as connection:
        at = At(connection, viewer, held(connection, viewer.scope, bureau_id, item_id))
        check_may(at, allowed_by, is_for_workers)
        if at.item.version != version:
            theirs = changing.held(connection, viewer.scope, table, at.key)
            raise ChangedByOthers(bureau_id, item_id, mine=mine, theirs=theirs)
        yield at


def held(connection: Connection, scope: Scope, bureau_id: str, item_id: str) -> Rectification:
    """The item as it is stored. Raises NotFound: absent, or outside the scope."""
    row = changing.held(connection, scope, table, {"bureau_id": bureau_id, "item_id": item_id})
    if row is None:
        raise NotFound(bureau_id, item_id)
    return item_of(row)


def check_may(at: At, allowed_by: Sequence[str], is_for_workers: bool = False) -> None:
    """Raises NotAllowed where neither an act nor being responsible for the item lets the viewer."""
    if is_for_workers and at.item.is_worker(at.viewer.person_id):
        return
    for act in allowed_by:
        if may(at, act):
            return
    raise NotAllowed(allowed_by[0])


def may(at: At, act: str) -> bool:
    """Whether the viewer's role allows the act for the item's unit."""
    try:
        check_act(at.connection, at.viewer, act, at.item.org_unit_id)
    except NotAllowed:
        return False
    return True


def store(
    at: At,
    step: str,
    values: Mapping[str, Any],
    text: str = "",
    pct: int | None = None,
    to: tuple[int | None, str] = (None, ""),
) -> Rectification:
    """The item with these values: stored with its log and audit row, and what refresh has to look at.

    text: what the person said of it. to: number and name of whom it was given to.
    """
    scope = at.viewer.scope
    change = changing.update(at.connection, scope, table, at.key, at.item.version, values)
    if change.is_nothing:
        return at.item
    write_log(at, step, text, pct, to)
    record(at, step, told(change), text)
    if at.collected is None:
        mark(at.connection, change)
    return item_of(change.row)


def record(at: At, step: str, said: Change, text: str) -> None:
    """The audit row of a step, or its part of that of an act on many. said: as told() gives it."""
    about = subject(at.item.bureau_id, at.item.item_id)
    if at.collected is None:
        changing.record(at.connection, at.viewer, f"rectifications.{step}", about, said, text.strip())
    else:
        at.collected.append((about, said))


def write_log(
    at: At, kind: str, text: str, pct: int | None = None, to: tuple[int | None, str] = (None, "")
) -> None:
    """The next log row of the item, which the caller has locked by changing it or otherwise."""
    last = select(func.max(log.c.no)).where(*(log.c[name] == one for name, one in at.key.items()))
    row = {"no": (at.connection.scalar(last) or 0) + 1, "at": utc_now(), "kind": kind, "text": text.strip()}
    row |= {"by_id": at.viewer.person_id, "by_name": at.viewer.name, "progress_pct": pct}
    at.connection.execute(insert(log).values(**at.key, **row, to_id=to[0], to_name=to[1] or None))


def say(at: At, kind: str, text: str, after: Mapping[str, Any] | None = None) -> None:
    """A log row and an audit row that leave the item and its version as they are.

    Nobody else changes the item until the transaction ends, so that the row has its number alone.
    """
    mine = (table.c[name] == one for name, one in at.key.items())
    version = at.connection.scalar(select(table.c.version).where(*mine).with_for_update())
    write_log(at, kind, text)
    said = {**(after or {}), "version": version}
    row = {"org_unit_id": at.item.org_unit_id}
    record(at, kind, Change(at.key, row, row, None, said), text)


def claimed(
    at: At, kind: str, said: Mapping[str, Any], text: str, values: Mapping[str, Any] | None = None
) -> Rectification:
    """The item one version on, since what hangs on it changes: with its log and audit row.

    said: what the audit row says of that. values: what changes of the item itself.
    """
    scope = at.viewer.scope
    if values:
        change = changing.update(at.connection, scope, table, at.key, at.item.version, values)
        mark(at.connection, change)
    else:
        changing.claim(at.connection, scope, table, at.key, at.item.version)
    write_log(at, kind, text)
    after = {**said, "version": at.item.version + 1}
    row = {"org_unit_id": at.item.org_unit_id}
    record(at, kind, Change(at.key, row, row, None, after), text)
    return held(at.connection, scope, at.item.bureau_id, at.item.item_id)


def told(change: Change) -> Change:
    """What the audit log says of it: of people their numbers, which outlive the names."""
    said = [
        one and {name: value for name, value in one.items() if name not in NAMES}
        for one in (change.before, change.after)
    ]
    return replace(change, before=said[0], after=said[1])


def mark(connection: Connection, *changes: Change) -> None:
    """Ask for figures of the months that the items count in, before and after.

    An act on many asks once, for all: marks stored in the order of items are locked in that of two tables.
    """
    stale.mark(connection, (one for change in changes for one in _marks(change)))


def _marks(change: Change) -> list[stale.Mark]:
    was, now = change.was or {}, change.row
    if was == now or all(was.get(name) == now[name] for name in FOR_FIGURES):
        return []
    return [(now["org_unit_id"], SOURCE, month) for month in months_of(was) | months_of(now)]


def months_of(row: Mapping[str, Any]) -> set[date]:
    """The months that an item with these columns counts in, and that of today."""
    days = {row.get(name) for name in FOR_FIGURES} | {today()}
    return {month_of(one) for one in days if isinstance(one, date)}


def hands(item: Rectification, *people: int | None, acting: Viewer | None = None) -> list[int | None]:
    """worked_by_ids with these people, None left out, and with who acts, the local administrator too."""
    found = [*item.worked_by_ids, *(one for one in people if one is not None)]
    found += [acting.person_id] if acting is not None else []
    return list(dict.fromkeys(found))
