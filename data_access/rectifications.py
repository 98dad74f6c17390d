"""Rectification items inside a scope: lists with their lights, one item with all that hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Engine, Row, String, func, or_, select

from data_access import audit_history, rectification_acts, rectification_extensions, rules
from data_access.rectification_acts import COLUMNS
from data_access.scope import check_unit, inside, within
from data_access.settings import company_timezone
from data_access.tables.rectifications import rectification_files, rectification_log
from data_access.tables.rectifications import rectifications as table
from data_access.transactions import reading
from domain import rectification_counts as counts
from domain.history import Entry
from domain.periods import local_day
from domain.rectification_counts import Watched
from domain.rectification_extensions import Extension
from domain.rectifications import ON_THE_BOOKS, Rectification, subject
from domain.viewer import Scope

NO_NEWS = ("comment", "edit", "move", "extension_ask", "extension_decide")  # log rows that bring nothing on
SEARCHED = ("item_id", "title", "object_code", "measure", "responsible", "co_responsible", "department")


@dataclass(frozen=True)
class Wanted:
    """What items are looked for by; what is empty does not narrow.

    person_id: responsible or co-responsible. due_from, due_to: of the current due date. text: part of number,
    title, object, measure, department or a name.
    """

    unit_id: int | None = None
    person_id: int | None = None
    states: tuple[str, ...] = ()
    light: str = ""
    due_from: date | None = None
    due_to: date | None = None
    object_kind: str = ""
    object_code: str = ""
    level: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Shown:
    """An item in a list, with its light on the day and how late it is."""

    item: Rectification
    light: str
    overdue_days: int
    is_stuck: bool
    last_log_on: date | None


@dataclass(frozen=True)
class Logged:
    """A log row. kind: note, comment, file, create, relapse, or a step; to_name: whom it was given to."""

    no: int
    at: datetime
    by_id: int | None
    by_name: str
    kind: str
    text: str
    progress_pct: int | None
    to_name: str


@dataclass(frozen=True)
class Evidence:
    """A file of an item. stage: before, after, other; its content is evidence_files.content()'s."""

    no: int
    name: str
    bytes: int
    media_type: str
    stage: str
    added_at: datetime
    added_by: str
    sha256: str


@dataclass(frozen=True)
class Opened:
    """An item with log and extensions (the first first), files, and the items that relapses made of it."""

    shown: Shown
    log: tuple[Logged, ...]
    extensions: tuple[Extension, ...]
    files: tuple[Evidence, ...]
    reopened_as: tuple[str, ...]


def listed(engine: Engine, scope: Scope, wanted: Wanted, day: date) -> list[Shown]:
    """The items looked for, the worst light first, then by due date and number.

    day: on which lights are judged. Raises NotFound for a unit outside the scope.
    """
    with reading(engine, scope) as connection:
        if wanted.unit_id is not None:
            check_unit(connection, scope, wanted.unit_id)
        found = shown_of(connection, scope, _conditions(wanted, scope), day)
    chosen = [one for one in found if not wanted.light or one.light == wanted.light]
    return sorted(chosen, key=urgency)


def of_object(engine: Engine, scope: Scope, bureau_id: str, kind: str, code: str, day: date) -> list[Shown]:
    """All items of an object, the newest first."""
    mine = (table.c.bureau_id == bureau_id, table.c.object_kind == kind, table.c.object_code == code)
    with reading(engine, scope) as connection:
        found = shown_of(connection, scope, [within(table.c.org_unit_id, scope), *mine], day)
    return sorted(found, key=lambda one: one.item.item_id, reverse=True)


def log_of_object(
    engine: Engine, scope: Scope, bureau_id: str, kind: str, code: str
) -> list[tuple[str, Logged]]:
    """What was done and said in all items of an object, the oldest first, each with the item's number."""
    log, mine = rectification_log, (table.c.object_kind == kind, table.c.object_code == code)
    same = (log.c.bureau_id == table.c.bureau_id) & (log.c.item_id == table.c.item_id)
    statement = (
        select(log)
        .join(table, same)
        .where(log.c.bureau_id == bureau_id, within(table.c.org_unit_id, scope), *mine)
        .order_by(log.c.at, log.c.item_id, log.c.no)
    )
    with reading(engine, scope) as connection:
        return [(row.item_id, _logged(row)) for row in connection.execute(statement)]


def one(engine: Engine, scope: Scope, bureau_id: str, item_id: str, day: date) -> Opened:
    """The item with all that hangs on it. Raises NotFound."""
    with reading(engine, scope) as connection:
        item = rectification_acts.held(connection, scope, bureau_id, item_id)
        conditions = [table.c.bureau_id == bureau_id, table.c.item_id == item_id]
        (shown,) = shown_of(connection, scope, [within(table.c.org_unit_id, scope), *conditions], day)
        log, files = rectification_log.c, rectification_files.c
        again = select(table.c.item_id).where(
            table.c.bureau_id == bureau_id, table.c.reopen_of == item_id, within(table.c.org_unit_id, scope)
        )
        return Opened(
            shown,
            tuple(
                _logged(row) for row in connection.execute(_rows(rectification_log, item).order_by(log.no))
            ),
            tuple(rectification_extensions.of_item(connection, bureau_id, item_id)),
            tuple(
                _evidence(row)
                for row in connection.execute(_rows(rectification_files, item).order_by(files.no))
            ),
            tuple(connection.execute(again.order_by(table.c.item_id)).scalars()),
        )


def history(engine: Engine, scope: Scope, bureau_id: str, item_id: str) -> list[Entry]:
    """What the audit log says of the item, newest first. Raises NotFound."""
    with reading(engine, scope) as connection:
        item = rectification_acts.held(connection, scope, bureau_id, item_id)
    about = subject(bureau_id, item_id)
    return audit_history.history(engine, scope, "rectifications.", about, item.org_unit_id)


def watched(connection: Connection, scope: Scope, conditions: Sequence[ColumnElement[bool]]) -> list[Watched]:
    """Items that the conditions hold for, with their last news; the conditions hold to the scope."""
    log = rectification_log.c
    same = (log.bureau_id == table.c.bureau_id) & (log.item_id == table.c.item_id)
    last = select(func.max(log.at)).where(same, log.kind.not_in(NO_NEWS)).scalar_subquery()
    statement = select(*COLUMNS, last.label("last_at")).where(within(table.c.org_unit_id, scope), *conditions)
    zone = company_timezone()
    return [
        Watched(
            rectification_acts.item_of(row._mapping),
            local_day(row.created_at, zone),
            row.assigned_at and local_day(row.assigned_at, zone),
            row.last_at and local_day(row.last_at, zone),
        )
        for row in connection.execute(statement)
    ]


def shown_of(
    connection: Connection, scope: Scope, conditions: Sequence[ColumnElement[bool]], day: date
) -> list[Shown]:
    """watched() with their lights on the day, in no order."""
    rule = rules.current(connection, "rectification")
    return [
        Shown(
            each.item,
            counts.light(each, day, rule),
            counts.overdue_days(each.item, day),
            counts.is_stuck(each, day, rule),
            each.last_log_on,
        )
        for each in watched(connection, scope, conditions)
    ]


def _conditions(wanted: Wanted, scope: Scope) -> list[ColumnElement[bool]]:
    c = table.c
    found: list[ColumnElement[bool]] = []
    if wanted.unit_id is not None:
        found.append(inside(c.org_unit_id, scope, wanted.unit_id))
    if wanted.person_id is not None:
        found.append(or_(c.responsible_id == wanted.person_id, c.co_responsible_id == wanted.person_id))
    if wanted.states:
        found.append(c.status.in_(wanted.states))
    if wanted.light and wanted.light != "none":
        found.append(c.status.in_(ON_THE_BOOKS))  # nothing else has a light
    found += [c.current_due >= wanted.due_from] if wanted.due_from else []
    found += [c.current_due <= wanted.due_to] if wanted.due_to else []
    found += [c.object_kind == wanted.object_kind] if wanted.object_kind else []
    found += [c.object_code == wanted.object_code] if wanted.object_code else []
    found += [c.level == wanted.level] if wanted.level else []
    if text := wanted.text.strip().lower():
        lower = [func.lower(c[name], type_=String) for name in SEARCHED]
        found.append(or_(*(each.contains(text, autoescape=True) for each in lower)))
    return found


def urgency(shown: Shown) -> tuple:
    """The order of a list: the worst light first, then by due date and number."""
    due = shown.item.current_due or date.max
    return counts.LIGHTS.index(shown.light), due, shown.item.item_id, shown.item.bureau_id


def _rows(of, item: Rectification):
    return select(of).where(of.c.bureau_id == item.bureau_id, of.c.item_id == item.item_id)


def _logged(row: Row) -> Logged:
    return Logged(
        row.no, row.at, row.by_id, row.by_name, row.kind, row.text, row.progress_pct, row.to_name or ""
    )


def _evidence(row: Row) -> Evidence:
    return Evidence(
        row.no, row.name, row.bytes, row.media_type, row.stage, row.added_at, row.added_by, row.sha256
    )
