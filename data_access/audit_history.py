"""What the audit log says of one row: who changed it, when, from what to what, and why."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, Row, select

from data_access.scope import check_unit
from data_access.tables.audit import audit_log
from data_access.tables.org import org_closure
from data_access.transactions import reading, reading_all
from domain.history import Entry, newest_first
from domain.viewer import Scope

BULK = "_many"  # how actions of bulk acts end, see changing.record_many()


def history(engine: Engine, scope: Scope, actions: str, subject: str, unit_id: int) -> list[Entry]:
    """The acts on a subject of a unit, newest first. actions: what their names begin with, e.g. "targets.".

    What a bulk act changed of the subject is its own, so it is found under the units above too, and of that
    row nothing else is given. Raises NotFound outside the scope.
    """
    c = audit_log.c
    wanted = c.action.startswith(actions, autoescape=True) & c.is_change
    is_bulk = c.action.endswith(BULK, autoescape=True)
    own = select(audit_log).where(c.org_unit_id == unit_id, c.subject == subject, wanted, ~is_bulk)
    above = select(org_closure.c.ancestor_id).where(org_closure.c.descendant_id == unit_id)
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        rows = connection.execute(own).all()
    with reading_all(engine) as connection:
        bulk = connection.execute(select(audit_log).where(c.org_unit_id.in_(above), wanted, is_bulk)).all()
    found = [_entry(row, row.before, row.after) for row in rows]
    found += [
        _entry(row, before, after)
        for row in bulk
        for of, unit, before, after in row.after["changes"]
        if (of, unit) == (subject, unit_id)
    ]
    return newest_first(found)


def _entry(row: Row, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Entry:
    version = (after or before)["version"]
    said = [
        one and {name: value for name, value in one.items() if name != "version"} for one in (before, after)
    ]
    return Entry(row.at, row.by_name, row.action, *said, row.reason, version, row.person_id)
