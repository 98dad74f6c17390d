"""Checked rows become the database's: one short transaction of set-based statements.

Per source key the newest batch holds. Its row lies in the table; the rows of earlier batches, and marks of
keys that a batch withdrew, lie in the *_past twin. A row that comes again unchanged belongs to the newer
batch too, so that undoing the earlier one loses nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    tuple_,
    union,
    update,
)

from data_access import derived_outages, stale
from data_access.imports import bulk, by_hand, marking
from data_access.imports.checking import Plan
from data_access.imports.staging import Staging
from data_access.tables.imports import PAST
from data_access.tables.outages import outages
from domain.periods import utc_range

DERIVED_COLUMNS = {"start_day"}  # a step's day is the outage's, not its own


@dataclass(frozen=True)
class Counts:
    """How the rows of a file compare with what is there."""

    new: int
    changed: int
    same: int
    withdrawn: int

    @property
    def is_nothing(self) -> bool:
        return self.new == self.changed == self.withdrawn == 0


def same_key(staging: Staging, one: Any, other: Any) -> ColumnElement[bool]:
    """Condition: two rows have the same source key."""
    return and_(*(one.c[name] == other.c[name] for name in staging.key))


def key_in(staging: Staging, rows: Any) -> ColumnElement[bool]:
    """Condition on the target: its key is among those of the rows; found by key, not by a scan."""
    target = tuple_(*(staging.target.c[name] for name in staging.key))
    return target.in_(select(*(rows.c[name] for name in staging.key)))


def compare(staging: Staging, gone: ColumnElement[bool] | None) -> Counts:
    """Fill staging.hits, and count. gone: condition on rows of the target that the file replaces or lacks."""
    target, rows, hits = staging.target, staging.rows, staging.hits
    staging.connection.execute(delete(hits).where(true()))
    values = [
        one.name
        for one in rows.columns
        if one.name in target.c and one.name not in staging.key and one.name not in DERIVED_COLUMNS
    ]
    differs = or_(*(target.c[name].is_distinct_from(rows.c[name]) for name in values)) if values else ~true()
    connection = staging.connection
    connection.execute(
        insert(hits).from_select(
            ["row_no", "is_changed"],
            select(rows.c.row_no, case((differs, 1), else_=0)).join_from(
                rows, target, same_key(staging, rows, target)
            ),
        )
    )
    total = connection.execute(select(func.count()).select_from(rows)).scalar_one()
    known, changed = connection.execute(
        select(func.count(), func.coalesce(func.sum(hits.c.is_changed), 0))
    ).one()
    withdrawn = 0
    if gone is not None:
        withdrawn = connection.execute(select(func.count()).select_from(target).where(gone)).scalar_one()
    return Counts(total - known, int(changed), known - int(changed), withdrawn)


def lacking(staging: Staging, period: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition on rows of the target: of the period, and the file has no row of that key."""
    return period & ~exists().where(same_key(staging, staging.rows, staging.target))


def prepare(staging: Staging, plan: Plan) -> set[stale.Mark]:
    """Before the lock: sum up the outages that are new as a whole; marks of these."""
    if plan.kind.id != "outages":
        return set()
    given = {"org_unit_id", "kind", "cause"} | {plan.kind.columns[one].column for one in plan.mapping.columns}
    rows, summaries, connection = staging.rows, staging.summaries, staging.connection
    with bulk.transaction(connection):
        connection.execute(delete(summaries).where(true()))
        known = exists().where(
            outages.c.bureau_id == rows.c.bureau_id, outages.c.outage_key == rows.c.outage_key
        )
        derived_outages.summarise(connection, rows, ~known, summaries, plan.zone, given)
        bulk.analyse(connection, summaries)
        later = select(summaries.c.outage_key).where(summaries.c.last_day != summaries.c.start_day)
        derived_outages.correct_start_days(connection, rows, rows.c.outage_key.in_(later), summaries)
        return marking.of_summaries(connection, plan.bureau_id, summaries, rows, true())


def move(
    staging: Staging,
    kind: str,
    bureau_id: str,
    batch_id: int,
    gone: ColumnElement[bool] | None,
    zone: ZoneInfo,
    marks: set[stale.Mark],
) -> None:
    """Make the staged rows the table's; derive and mark what follows from them."""
    target, rows, hits, connection = staging.target, staging.rows, staging.hits, staging.connection
    past = PAST[target.name]
    hit = select(rows).join_from(rows, hits, hits.c.row_no == rows.c.row_no)
    changed = hit.where(hits.c.is_changed == 1).subquery("changed")
    known = hit.subquery("known")
    fresh = (
        select(rows)
        .join_from(rows, hits, hits.c.row_no == rows.c.row_no, isouter=True)
        .where(or_(hits.c.row_no.is_(None), hits.c.is_changed == 1))
    )
    is_changed = key_in(staging, changed)
    old = is_changed if gone is None else or_(is_changed, gone)
    marks = marks | _before(staging, kind, bureau_id, old, fresh, zone)

    keep(staging, past, select(target).join_from(known, target, same_key(staging, known, target)))
    if gone is not None:
        keep(staging, past, select(target).where(gone))
        keep(staging, past, select(target).where(gone), withdrawn_by=batch_id)
        connection.execute(delete(target).where(gone))
    connection.execute(delete(target).where(is_changed))
    same = hit.where(hits.c.is_changed == 0).subquery("same")
    connection.execute(update(target).where(key_in(staging, same)).values(batch_id=batch_id))
    columns = [one.name for one in rows.columns if one.name in target.c]
    more = {"batch_id": literal(batch_id)}
    if by_hand.is_versioned(target):
        more["version"] = by_hand.next_version(past, rows, staging.key)
    source = fresh.with_only_columns(*(rows.c[name] for name in columns), *more.values())
    source = source.order_by(*(rows.c[name] for name in staging.key))
    with bulk.without_indexes(connection, target):
        connection.execute(insert(target).from_select([*columns, *more], source))
    if kind == "outages":
        names = [one.name for one in outages.columns]
        new = select(*(staging.summaries.c[name] for name in names))
        new = new.order_by(staging.summaries.c.outage_key)
        with bulk.without_indexes(connection, outages):
            connection.execute(insert(outages).from_select(names, new))
    after(staging, kind, bureau_id, fresh.subquery("fresh"), zone, marks)


def keep(staging: Staging, past: Table, rows: Select, withdrawn_by: int | None = None) -> None:
    """Copy rows of a table to its twin; withdrawn_by writes them as that batch's mark of withdrawal."""
    source = rows.subquery("kept")
    names = [one.name for one in past.columns if one.name not in ("batch_id", "withdrawn")]
    batch = literal(withdrawn_by)
    if withdrawn_by is None:
        batch = by_hand.batch_of_kept(past, source, staging.key)
    values = [source.c[name] for name in names]
    staging.connection.execute(
        insert(past).from_select(
            [*names, "batch_id", "withdrawn"],
            select(*values, batch, literal(withdrawn_by is not None)),
        )
    )


def _before(
    staging: Staging, kind: str, bureau_id: str, old: ColumnElement[bool], fresh: Select, zone: ZoneInfo
) -> set[stale.Mark]:
    """Note the touched keys, and the marks of everything as it was."""
    target, connection = staging.target, staging.connection
    was = select(target).where(old).subquery("was")
    key = {"outages": "outage_key", "notices": "notice_key"}.get(kind)
    if key:
        now = fresh.subquery("now")
        keys = union(select(was.c[key]), select(now.c[key])).subquery("keys")
        every = select(keys.c[key])
        if kind == "outages":  # the others were summed up before the lock
            known = exists().where(outages.c.bureau_id == bureau_id, outages.c.outage_key == keys.c[key])
            every = every.where(known)
        touch(staging, every)
    if kind == "outages":
        return marking.of_outages(connection, bureau_id, staging.touched)
    return marking.of_rows(connection, kind, was, zone)


def touch(staging: Staging, keys: Any) -> None:
    """Note keys whose derived rows must be written anew."""
    staging.connection.execute(insert(staging.touched).from_select(["key"], keys))


def after(
    staging: Staging, kind: str, bureau_id: str, now: Subquery, zone: ZoneInfo, marks: set[stale.Mark]
) -> None:
    """Derive what follows from the rows, and store the marks of before and after."""
    connection = staging.connection
    if kind == "outages":
        derived_outages.derive_outages(connection, bureau_id, staging.touched, zone)
        marks |= marking.of_outages(connection, bureau_id, staging.touched)
    else:
        if kind == "notices":
            derived_outages.derive_notice_areas(connection, bureau_id, staging.touched)
        marks |= marking.of_rows(connection, kind, now, zone)
    if kind in marking.EVERYTHING:
        stale.mark_everything(connection)
    stale.mark(connection, marks)


def in_period(staging: Staging, plan: Plan, days: tuple[date, date]) -> ColumnElement[bool]:
    """Condition on rows of the target: of this source, and of these days of the company's zone."""
    column = staging.target.c[plan.kind.columns[plan.kind.period].column]
    first, last = days
    if plan.kind.columns[plan.kind.period].type == "datetime":
        begin, end = utc_range(first, last, plan.zone)
        condition = (column >= begin) & (column < end)
    else:
        condition = column.between(first, last)
    if "bureau_id" in staging.target.c:
        condition = condition & (staging.target.c.bureau_id == plan.bureau_id)
    return condition


def any_of(conditions: list[ColumnElement[bool]]) -> ColumnElement[bool] | None:
    """One condition of several; None for none."""
    return or_(*conditions) if conditions else None
