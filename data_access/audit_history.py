"""What the audit log says of one row: who changed it, when, from what to what, and why."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, Row

from data_access.audit_rows import BY_NAME, C, mentions, selected
from data_access.scope import check_unit
from data_access.transactions import reading, reading_all
from domain.history import Entry, newest_first
from domain.viewer import Scope

BULK = (
    "targets.set_many",
    "rectifications.hand_over_all",
    "rectifications.import",
)  # all that changing.record_many() writes; by name, so that the index serves
TOLD = (C.at, BY_NAME, C.person_id, C.action, C.before, C.after, C.reason)


def history(engine: Engine, scope: Scope, actions: str, subject: str, unit_id: int) -> list[Entry]:
    """The acts on a subject of a unit, newest first. actions: what their names begin with, e.g. "targets.".

    What a bulk act changed of the subject is its own, so it is found whatever unit the act stands under and
    wherever the subject's unit was then; of that row nothing else is given. Raises NotFound outside the
    scope.
    """
    is_own = C.action.startswith(actions, autoescape=True) & C.action.not_in(BULK)
    is_bulk = C.action.in_([one for one in BULK if one.startswith(actions)])
    own = selected(TOLD, C.org_unit_id == unit_id, C.subject == subject, is_own, C.is_change)
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        rows = connection.execute(own).all()
    with reading_all(engine) as connection:
        bulk = connection.execute(selected(TOLD, is_bulk, mentions(subject, unit_id), C.is_change)).all()
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
