"""Rows that were taken over but look wrong: each waits for a decision, or until another takes its place."""

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    String,
    Subquery,
    and_,
    cast,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union,
    update,
)

from data_access.imports.checking import Plan
from data_access.imports.staging import Staging
from data_access.tables.imports import PAST, import_batches, import_warnings

PURGED = "…"  # in the place of a decided warning's value, once it was kept long enough


def is_waiting() -> ColumnElement[bool]:
    """Condition on import_warnings and import_batches: the row stands, and nobody decided about it."""
    told = import_warnings.c
    return (import_batches.c.state == "taken") & told.decision.is_(None) & told.superseded_by.is_(None)


def supersede(staging: Staging, plan: Plan, batch_id: int) -> None:
    """Settle the warnings of earlier batches whose rows this batch corrected or withdrew."""
    told, of_batch = import_warnings.c, import_batches.c
    earlier = select(of_batch.id).where(
        of_batch.bureau_id == plan.bureau_id, of_batch.kind == plan.kind.id, of_batch.id != batch_id
    )
    open_ones = (told.batch_id.in_(earlier), told.decision.is_(None), told.superseded_by.is_(None))
    connection = staging.connection
    if not connection.scalar(select(exists().where(*open_ones))):
        return
    rows, hits, past = staging.rows, staging.hits.c, PAST[staging.target.name]
    corrected = select(_spoken_key(staging, rows)).where(
        exists().where(hits.row_no == rows.c.row_no, hits.is_changed == 1)
    )
    withdrawn = select(_spoken_key(staging, past)).where(past.c.batch_id == batch_id, past.c.withdrawn)
    keys = union(corrected, withdrawn).subquery("keys")
    connection.execute(
        update(import_warnings)
        .where(*open_ones, told.source_key.in_(select(*keys.c)))
        .values(superseded_by=batch_id)
    )


def wait_again(connection: Connection, batch_id: int) -> None:
    """Let the warnings wait whose rows hold again since the batch was undone."""
    told = import_warnings.c
    connection.execute(
        update(import_warnings).where(told.superseded_by == batch_id).values(superseded_by=None)
    )


def _spoken_key(staging: Staging, rows: FromClause) -> ColumnElement[str]:
    """The key of a row as one text, without its key space."""
    first, *others = [rows.c[name] for name in staging.key if name != "bureau_id"]
    key = cast(first, String)
    for column in others:
        key = key + literal(" ") + cast(column, String)
    return key


def write(staging: Staging, plan: Plan, batch_id: int) -> int:
    """Keep the warnings with the keys and units of their rows until somebody decides; how many.

    Not those of rows that came again unchanged and that somebody decided already.
    """
    rows, found = staging.rows, staging.problems
    key = _spoken_key(staging, rows)
    unit = rows.c.org_unit_id if "org_unit_id" in rows.c else cast(null(), Integer)
    names = ["batch_id", "row_no", "column", "code", "value", "expected", "source_key", "org_unit_id", "note"]
    # Two of our columns may be read from the same column of the file.
    given = (
        select(
            literal(batch_id).label("batch_id"),
            found.c.row_no,
            found.c.column,
            found.c.code,
            func.min(found.c.value).label("value"),
            func.min(found.c.expected).label("expected"),
            func.min(key).label("source_key"),
            func.min(unit).label("org_unit_id"),
            literal("").label("note"),
        )
        .join_from(found, rows, rows.c.row_no == found.c.row_no)
        .where(found.c.severity == "warning")
        .group_by(found.c.row_no, found.c.column, found.c.code)
        .subquery("given")
    )
    hits = staging.hits.c
    is_same = exists().where(hits.row_no == given.c.row_no, hits.is_changed == 0)
    statement = select(*(given.c[name] for name in names)).where(~(is_same & _is_decided(given, plan)))
    staging.connection.execute(insert(import_warnings).from_select(names, statement))
    kept = select(func.count()).where(import_warnings.c.batch_id == batch_id)
    return staging.connection.execute(kept).scalar_one()


def _is_decided(given: Subquery, plan: Plan) -> ColumnElement[bool]:
    """Condition: somebody decided what to make of the same in the newest batch that warned of it.

    Batches that were undone do not count.
    """
    told, of_batch = import_warnings.c, import_batches.c
    question = ("source_key", "column", "code")
    newest = (
        select(*(told[name] for name in question), func.max(told.batch_id).label("batch_id"))
        .join_from(import_warnings, import_batches, of_batch.id == told.batch_id)
        .where(
            of_batch.bureau_id == plan.bureau_id,
            of_batch.kind == plan.kind.id,
            of_batch.state == "taken",
        )
        .group_by(*(told[name] for name in question))
        .subquery("newest")
    )
    return exists(
        select(literal(1))
        .select_from(import_warnings.join(newest, newest.c.batch_id == told.batch_id))
        .where(
            *(told[name] == newest.c[name] for name in question),
            *(told[name] == given.c[name] for name in question),
            or_(
                and_(told.value == given.c.value, told.expected == given.c.expected),
                told.value == PURGED,  # the row is the same since: a change would have been told anew
            ),
            told.decision.is_not(None),
        )
        .correlate(given)
    )
