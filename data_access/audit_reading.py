"""The audit log as people read it: inside the units for which they may, newest first.

What concerns the whole company, or a unit that is gone, is for somebody who may see the log of all of it.
A log grows without end, so rows are counted up to MOST_COUNTED only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, Row, func, select

from data_access.audit_rows import BY_NAME, C, acted_as, of_scope, selected
from data_access.scope import below, check_unit
from data_access.tables.org import people
from data_access.transactions import reading
from domain import paging
from domain.errors import NotFound
from domain.viewer import Viewer

MOST_COUNTED = 10_000
ROWS_AT_ONCE = 2_000
LISTED = (C.bureau_id, C.no, C.at, C.person_id, BY_NAME)
LISTED += (C.org_unit_id, C.action, C.subject, C.reason, C.is_change)
IN_FULL = (*LISTED, C.before, C.after)
NOW = (people.c.name.label("name_now"), people.c.name_en.label("name_en_now"))


@dataclass(frozen=True)
class Filters:
    """Which rows. who, text: parts of a name and of the subject; actions: none stands for all.

    since, until: naive UTC, until is no longer in it. unit_id: and all below.
    """

    who: str = ""
    actions: tuple[str, ...] = ()
    unit_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    only_changes: bool = True


def page(
    engine: Engine, viewer: Viewer, only: Filters, number: int = 1, size: int = 50
) -> tuple[pd.DataFrame, int]:
    """Page `number` of the rows, or the last; and how many there are, MOST_COUNTED + 1 for more.

    Columns: of LISTED. Raises NotAllowed, NotFound for a unit for which the viewer may not see the log.
    """
    with reading(engine, viewer.scope) as connection:
        conditions = _conditions(connection, viewer, only)
        count = _counted(connection, conditions) if number > 1 else None
        before = paging.before(number, min(count, MOST_COUNTED), size) if count is not None else 0
        found = _frame(connection, conditions, before, size)
        if count is None:  # a page that is not full is all there is: nothing to count
            count = len(found) if len(found) < size else _counted(connection, conditions)
    return found, min(count, MOST_COUNTED + 1)


def entry(engine: Engine, viewer: Viewer, bureau_id: str, no: int) -> dict[str, Any]:
    """One row with what was before and after, its hash, and what the person is called now.

    Raises NotAllowed, NotFound.
    """
    with reading(engine, viewer.scope) as connection:
        conditions = _conditions(connection, viewer, Filters(only_changes=False))
        this = (C.bureau_id == bureau_id, C.no == no)
        statement = selected((*IN_FULL, C.hash, *NOW), *conditions, *this)
        row = connection.execute(statement).mappings().first()
    if row is None:
        raise NotFound(f"{bureau_id}:{no}")
    return dict(row)


def stream(engine: Engine, viewer: Viewer, only: Filters) -> Iterator[pd.DataFrame]:
    """All rows, with what was before and after, in frames of ROWS_AT_ONCE. Raises NotAllowed, NotFound."""
    with reading(engine, viewer.scope) as connection:
        statement = selected(IN_FULL, *_conditions(connection, viewer, only))
        result = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(statement)
        for rows in result.partitions():
            yield _as_frame(rows, IN_FULL)


def _counted(connection: Connection, conditions: tuple[ColumnElement[bool], ...]) -> int:
    some = select(C.no).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    return connection.scalar(select(func.count()).select_from(some))


def _frame(
    connection: Connection, conditions: tuple[ColumnElement[bool], ...], before: int, size: int
) -> pd.DataFrame:
    statement = selected(LISTED, *conditions).limit(size).offset(before)
    return _as_frame(connection.execute(statement).all(), LISTED)


def _as_frame(rows: Sequence[Row], columns: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=[one.name for one in columns])
    return frame.astype({"org_unit_id": "Int64", "person_id": "Int64"})


def _conditions(connection: Connection, viewer: Viewer, only: Filters) -> tuple[ColumnElement[bool], ...]:
    scope = viewer.scope_for("see_audit")
    found = []
    if only.unit_id is not None:
        check_unit(connection, scope, only.unit_id)
        found.append(below(C.org_unit_id, only.unit_id))
    else:
        found += of_scope(connection, scope)
    if only.who:
        found.append(acted_as(only.who))
    if only.actions:  # the text, not the column: along its index all that match would be sorted for one page
        found.append(C.action.concat("").in_(only.actions))
    if only.since is not None:
        found.append(C.at >= only.since)
    if only.until is not None:
        found.append(C.at < only.until)
    if only.text:
        found.append(C.subject.icontains(only.text, autoescape=True))
    if only.only_changes:
        found.append(C.is_change)
    return tuple(found)
