"""What was taken over, what each batch changed, and the odd rows that wait for somebody's decision."""

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, Select, func, select, update
from sqlalchemy.sql.expression import FromClause

from data_access import audit, import_rights, processes
from data_access.imports import undo as undoing
from data_access.imports.warned import is_waiting
from data_access.org_units import lowest_over
from data_access.tables.imports import import_batches, import_warnings
from data_access.transactions import reading, writing
from domain import paging
from domain.errors import ChangedByOthers, InvalidInput, NotFound
from domain.periods import utc_now
from domain.viewer import Viewer

DECISIONS = ("accepted", "corrected")


def batches(
    engine: Engine, viewer: Viewer, kind: str = "", origin: str = "", number: int = 1, size: int = 25
) -> tuple[pd.DataFrame, int]:
    """Page `number`, or the last, of the batches, newest first, and how many there are.

    Every column but the mapping; those of kinds and units for which the viewer may import. Raises NotAllowed
    where there are none.
    """
    conditions = [import_rights.batches(viewer)]
    if kind:
        conditions.append(import_batches.c.kind == kind)
    if origin:
        conditions.append(import_batches.c.origin == origin)
    columns = [column for column in import_batches.c if column.name != "mapping"]
    waiting = (
        select(func.count())
        .select_from(import_warnings)
        .where(import_warnings.c.batch_id == import_batches.c.id, is_waiting())
        .scalar_subquery()
        .label("waiting")
    )
    statement = select(*columns, waiting).where(*conditions).order_by(import_batches.c.id.desc())
    return _page(engine, viewer, statement, import_batches, conditions, number, size)


def warnings(
    engine: Engine, viewer: Viewer, is_decided: bool = False, number: int = 1, size: int = 50
) -> tuple[pd.DataFrame, int]:
    """Page `number`, or the last, of rows that look wrong, and how many there are.

    With kind, file and time of their batch; those of batches that were undone, and of rows corrected since,
    are left out. Raises NotAllowed for who may import nothing.
    """
    decided = import_warnings.c.decision
    settled = (import_batches.c.state == "taken") & decided.is_not(None)
    conditions = (import_rights.warnings(viewer), settled if is_decided else is_waiting())
    joined = import_warnings.join(import_batches, import_batches.c.id == import_warnings.c.batch_id)
    statement = (
        select(
            import_warnings,
            import_batches.c.kind,
            import_batches.c.file_name,
            import_batches.c.origin,
            import_batches.c.taken_at,
        )
        .select_from(joined)
        .where(*conditions)
        .order_by(import_warnings.c.batch_id.desc(), import_warnings.c.row_no, import_warnings.c.column)
    )
    return _page(engine, viewer, statement, joined, conditions, number, size)


def _page(
    engine: Engine,
    viewer: Viewer,
    statement: Select,
    counted: FromClause,
    conditions: Sequence[ColumnElement[bool]],
    number: int,
    size: int,
) -> tuple[pd.DataFrame, int]:
    with reading(engine, viewer.scope) as connection:
        count = connection.scalar(select(func.count()).select_from(counted).where(*conditions))
        shown = statement.limit(size).offset(paging.before(number, count, size))
        rows = connection.execute(shown)
        return pd.DataFrame(rows.fetchall(), columns=list(rows.keys())), count


def rows_waiting(engine: Engine, viewer: Viewer) -> int:
    """How many rows wait for a decision; one row may have several warnings."""
    joined = import_warnings.join(import_batches, import_batches.c.id == import_warnings.c.batch_id)
    rows = (
        select(import_warnings.c.batch_id, import_warnings.c.row_no)
        .select_from(joined)
        .where(import_rights.warnings(viewer), is_waiting())
        .distinct()
        .subquery()
    )
    with reading(engine, viewer.scope) as connection:
        return connection.scalar(select(func.count()).select_from(rows))


def decide(
    engine: Engine, viewer: Viewer, keys: list[tuple[int, int, str, str]], decision: str, note: str
) -> int:
    """Number of warnings settled; keys are (batch_id, row_no, column, code), all or none.

    Raises NotAllowed, InvalidInput("reason_missing"), NotFound for one outside the scope, ChangedByOthers
    for one that somebody settled meanwhile.
    """
    mine = import_rights.warnings(viewer)
    if decision not in DECISIONS:
        raise InvalidInput("decision", value=decision)
    if not note.strip():
        raise InvalidInput("reason_missing")
    values = {
        "decision": decision,
        "decided_by": viewer.name,
        "decided_at": utc_now(),
        "note": note.strip(),
    }
    with writing(engine, viewer.scope) as connection:
        for batch, row, column, code in sorted(keys):  # one order, so that two never wait for each other
            this = (
                (import_warnings.c.batch_id == batch)
                & (import_warnings.c.row_no == row)
                & (import_warnings.c.column == column)
                & (import_warnings.c.code == code)
            )
            seen = select(import_warnings.c.batch_id).where(this, mine)
            if connection.execute(seen).first() is None:
                raise NotFound(batch, row)
            done = connection.execute(
                update(import_warnings).where(this, import_warnings.c.decision.is_(None)).values(**values)
            )
            if done.rowcount == 0:
                raise ChangedByOthers(batch, row)
        subject = f"import warnings: {len(keys)}"
        after, unit = {"keys": keys}, _lowest_over(connection, {batch for batch, *_rest in keys})
        audit.record(connection, viewer, f"warnings.{decision}", subject, None, after, note.strip(), unit)
    return len(keys)


def _lowest_over(connection: Connection, batches: set[int]) -> int | None:
    """The lowest unit at or above the units of all the batches; None where one is the whole company's."""
    of_batches = select(import_batches.c.org_unit_id).where(import_batches.c.id.in_(batches))
    units = set(connection.execute(of_batches).scalars())
    return None if None in units else lowest_over(connection, units)


def undo(engine: Engine, viewer: Viewer, batch_id: int, reason: str) -> undoing.UndoResult:
    """Take a batch back and let the figures follow. Raises as imports.undo does."""
    result = undoing.undo(engine, viewer, batch_id, reason)
    processes.start(engine, viewer, "refresh")
    return result
