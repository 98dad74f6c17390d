"""Who changed what, when and why: a row in the same transaction as the change, so that both stand or fall.

The rows of a key space form a chain (decisions: audit chain): each carries a hash of itself and of the one
before it, made with a key that is not in the database. Whoever adds a row locks the chain's end, so that is
the last thing a transaction does.
"""

import json
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import DBAPIError

from data_access import audit_key
from data_access import engine as engines
from data_access.org_units import lowest_over
from data_access.tables.audit import audit_head, audit_log
from data_access.tables.org import org_units
from data_access.transactions import at_the_end, writing_all
from domain.errors import DashboardError
from domain.periods import utc_now
from domain.viewer import Viewer

LOG = logging.getLogger(__name__)
COLUMNS = tuple(column.name for column in audit_log.columns)
NOT_KEPT_BY_PAGES = ("views.", "people.")  # acts on such things make nobody read all else anew
COMPANY = ""  # key space of acts that concern no unit but the whole company


def record(
    connection: Connection,
    viewer: Viewer,
    action: str,
    subject: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    reason: str = "",
    unit_id: int | None = None,
    is_change: bool = True,
    is_at_home: bool = False,
) -> None:
    """One audit row at the end of the write transaction. before and after: only what the act changed, and of
    personal columns only personal().

    unit_id: the unit that it concerns; None for the whole company, or with is_at_home for all that the viewer
    sees: the lowest unit at or above that. A subject that is too long, e.g. with the name of a file, is cut
    at its end. A bulk act is one row.
    """
    if unit_id is None and is_at_home:
        unit_id = lowest_over(connection, viewer.scope.roots)
    bureau = COMPANY
    if unit_id is not None:
        found = connection.scalar(select(org_units.c.bureau_id).where(org_units.c.id == unit_id))
        bureau, unit_id = (found, unit_id) if found is not None else (COMPANY, None)
    row = row_of(viewer, action, subject, before, after, reason, is_change)
    row |= {"bureau_id": bureau, "org_unit_id": unit_id}
    at_the_end(connection, partial(add, row=row), bureau)


def row_of(
    viewer: Viewer,
    action: str,
    subject: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    reason: str = "",
    is_change: bool = True,
) -> dict[str, Any]:
    """What record() writes, before it has its place in a chain."""
    longest, subject = audit_log.c.subject.type.length, _storable(subject)
    return {
        "at": utc_now(),
        "person_id": viewer.person_id,
        "by_name": viewer.name,
        "action": action,
        "subject": subject if len(subject) <= longest else subject[: longest - 1] + "…",
        "before": _plain(before),
        "after": _plain(after),
        "reason": _storable(reason),
        "is_change": is_change,
    }


def note(
    engine: Engine,
    viewer: Viewer,
    action: str,
    subject: str,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    unit_id: int | None = None,
    is_at_home: bool = False,
) -> None:
    """One audit row in a transaction of its own, for what changes nothing: a sign-in, a refusal, a view."""
    with writing_all(engine) as connection:
        record(connection, viewer, action, subject, None, after, reason, unit_id, False, is_at_home)


def note_if_possible(engine: Engine, viewer: Viewer, *what: Any, **more: Any) -> bool:
    """note(), for what must go on without it: where it cannot be written, the server's log says so."""
    try:
        note(engine, viewer, *what, **more)
    except (DBAPIError, DashboardError):
        LOG.exception("not in the audit log: %s", what)
        return False
    return True


def add(connection: Connection, row: dict[str, Any]) -> None:
    """Put the row at the end of its chain, which stays locked until the transaction ends."""
    bureau = row["bureau_id"]
    empty = {"bureau_id": bureau, "last_no": 0, "last_hash": "", "last_change_no": 0}
    connection.execute(engines.insert(connection, audit_head).values(empty).on_conflict_do_nothing())
    mine = audit_head.c.bureau_id == bureau
    head = connection.execute(select(audit_head).where(mine).with_for_update()).one()
    row = row | {"no": head.last_no + 1}
    row["hash"] = audit_key.sign(audit_key.checked(connection), head.last_hash + spelt(row))
    connection.execute(insert(audit_log).values(row))
    changes_what_pages_keep = row["is_change"] and not row["action"].startswith(NOT_KEPT_BY_PAGES)
    changed = row["no"] if changes_what_pages_keep else head.last_change_no
    end = {"last_no": row["no"], "last_hash": row["hash"], "last_change_no": changed}
    connection.execute(update(audit_head).where(mine).values(end))


def spelt(row: Mapping[str, Any]) -> str:
    """All that a row says, as the one text that its hash is made of; the same on every database."""
    said = {name: row[name] for name in COLUMNS if name != "hash"}
    said["at"] = said["at"].isoformat()
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def personal(connection: Connection, value: str | None) -> str | None:
    """What stands in before and after for a personal value: told from others, and never read back.

    A keyed hash, so that nobody finds the value by trying all names.
    """
    if not value:
        return value
    return f"hmac:{audit_key.sign(audit_key.checked(connection), f'personal {value}')[:12]}"


def _storable(text: str) -> str:
    """The text without what PostgreSQL cannot store or no signature can be made of, e.g. from an address."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """As JSON gives them back, so that a row is spelt alike before it is stored and after."""
    return None if values is None else json.loads(_storable(json.dumps(values, ensure_ascii=False)))
