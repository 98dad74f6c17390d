"""The audit log as people read it: inside the units for which they may, newest first.

What concerns the whole company, or a unit that is gone, is for somebody who may see the log of all of it.
A log grows without end, so rows are counted up to MOST_COUNTED only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, Select, String, case, cast, func, literal, select

from data_access.scope import below, check_unit, is_whole_company, within
from data_access.tables.audit import audit_log
from data_access.tables.org import people
from data_access.transactions import reading
from domain import former, paging
from domain.errors import NotFound
from domain.viewer import Viewer

MOST_COUNTED = 10_000
ROWS_AT_ONCE = 2_000
C = audit_log.c
IS_FORMER = people.c.name == literal(former.ZH) + cast(people.c.id, String)
BY_NAME = case((IS_FORMER, people.c.name), else_=C.by_name)
BY_NAME_EN = case((IS_FORMER, people.c.name_en), else_="")
LISTED = (C.bureau_id, C.no, C.at, BY_NAME.label("by_name"), BY_NAME_EN.label("by_name_en"))
LISTED += (C.org_unit_id, C.action, C.subject, C.reason, C.is_change)
IN_FULL = (*LISTED, C.before, C.after)
NEWEST_FIRST = (C.at.desc(), C.no.desc(), C.bureau_id)


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
    """Page `number` of the rows, or the last, and how many there are, MOST_COUNTED + 1 for more.

    Columns: of LISTED. Raises NotAllowed, NotFound for a unit for which the viewer may not see the log.
    """
    with reading(engine, viewer.scope) as connection:
        conditions = _conditions(connection, viewer, only)
        some = _selected((C.no,), conditions).limit(MOST_COUNTED + 1).subquery()
        count = connection.scalar(select(func.count()).select_from(some))
        before = paging.before(number, min(count, MOST_COUNTED), size)
        shown = _selected(LISTED, conditions).order_by(*NEWEST_FIRST).limit(size).offset(before)
        frame = _frame(connection, shown, LISTED)
    return frame, count


def entry(engine: Engine, viewer: Viewer, bureau_id: str, no: int) -> dict[str, Any]:
    """One row with what was before and after. Raises NotAllowed, NotFound."""
    with reading(engine, viewer.scope) as connection:
        conditions = _conditions(connection, viewer, Filters(only_changes=False))
        this = (C.bureau_id == bureau_id, C.no == no)
        row = connection.execute(_selected((*IN_FULL, C.hash), (*conditions, *this))).mappings().first()
    if row is None:
        raise NotFound(f"{bureau_id}:{no}")
    return dict(row)


def stream(engine: Engine, viewer: Viewer, only: Filters) -> Iterator[pd.DataFrame]:
    """All rows, with what was before and after, in frames of ROWS_AT_ONCE. Raises NotAllowed, NotFound."""
    with reading(engine, viewer.scope) as connection:
        statement = _selected(IN_FULL, _conditions(connection, viewer, only)).order_by(*NEWEST_FIRST)
        result = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(statement)
        for rows in result.partitions():
            yield pd.DataFrame(rows, columns=[one.name for one in IN_FULL]).astype({"org_unit_id": "Int64"})


def _selected(columns: tuple, conditions: tuple[ColumnElement[bool], ...]) -> Select:
    return (
        select(*columns)
        .select_from(audit_log.outerjoin(people, people.c.id == C.person_id))
        .where(*conditions)
    )


def _frame(connection: Connection, statement: Select, columns: tuple) -> pd.DataFrame:
    rows = connection.execute(statement).fetchall()
    return pd.DataFrame(rows, columns=[one.name for one in columns]).astype({"org_unit_id": "Int64"})


def _conditions(connection: Connection, viewer: Viewer, only: Filters) -> tuple[ColumnElement[bool], ...]:
    scope = viewer.scope_for("see_audit")
    found = []
    if only.unit_id is not None:
        check_unit(connection, scope, only.unit_id)
        found.append(below(C.org_unit_id, only.unit_id))
    elif not is_whole_company(connection, scope):
        found.append(within(C.org_unit_id, scope))
    if only.who:
        name = BY_NAME + " " + BY_NAME_EN
        found.append(name.icontains(only.who, autoescape=True))
    if only.actions:
        found.append(C.action.in_(only.actions))
    if only.since is not None:
        found.append(C.at >= only.since)
    if only.until is not None:
        found.append(C.at < only.until)
    if only.text:
        found.append(C.subject.icontains(only.text, autoescape=True))
    if only.only_changes:
        found.append(C.is_change)
    return tuple(found)
