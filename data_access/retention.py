"""What is kept only for a time, and its removal, as the rule set retention says: a short transaction a kind.

Never removed: facts with the rows that they replaced (undo and figures need them), who published which rule,
targets and limits, and the audit log, whose rows stay as they were signed (README: decisions).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    String,
    cast,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)

from data_access import administrators, audit, evidence_files, people_seen, rules, uploads, who_acted
from data_access.imports.warned import PURGED
from data_access.scope import is_whole_company
from data_access.settings import company_timezone
from data_access.tables.audit import audit_log
from data_access.tables.imports import import_jobs, import_warnings
from data_access.tables.org import grants, people, saved_views
from data_access.transactions import reading_all, writing_all
from domain import former
from domain.errors import InvalidInput, NotAllowed
from domain.periods import local_today
from domain.viewer import Viewer


@dataclass(frozen=True)
class Purged:
    """How much of a kind went, or would go. names: zh and en. before: the first day that stays."""

    kind: str
    names: tuple[str, str]
    days: int
    before: date
    n: int


def purge(engine: Engine, viewer: Viewer, is_only_tried: bool = False) -> list[Purged]:
    """What went of each kind; with is_only_tried what would. An audit row for each kind that lost something.

    Raises NotAllowed for who is not the whole company's administrator, InvalidInput("retention_days") where a
    rule would remove what is of today.
    """
    allowed = viewer.scope_for("edit_rules")
    today = local_today(company_timezone())
    with reading_all(engine) as connection:
        if not is_whole_company(connection, allowed):
            raise NotAllowed("edit_rules")
        kept = rules.current(connection, "retention")
    if any(one["days"] < 1 for one in kept.values()):
        raise InvalidInput("retention_days")
    found = []
    for kind in kept:
        days = kept[kind]["days"]
        before = today - timedelta(days=days)
        names = (kept[kind]["name_zh"], kept[kind]["name_en"])
        n = _tried(engine, kind, days, before) if is_only_tried else _done(engine, viewer, kind, days, before)
        found.append(Purged(kind, names, days, before, n))
    return found


def _tried(engine: Engine, kind: str, days: int, before: date) -> int:
    if kind in FILES:
        return len(FILES[kind][0](engine, days))
    with reading_all(engine) as connection:
        return connection.scalar(select(func.count()).select_from(GOING[kind](before).subquery()))


def _done(engine: Engine, viewer: Viewer, kind: str, days: int, before: date) -> int:
    n = FILES[kind][1](engine, days) if kind in FILES else 0
    blanked: list[int] = []
    with writing_all(engine) as connection:
        if kind == "former_people":
            blanked = _blank_people(connection, before)
            n = len(blanked)
        elif kind not in FILES:
            n = REMOVED[kind](connection, before)
        if n:
            after = {"n": n, "days": days, "before": before.isoformat()}
            if blanked:  # by number, so that each one's history tells it
                after["people"] = [people_seen.subject(one) for one in blanked]
            audit.record(connection, viewer, "purge", kind, None, after, is_change=kind not in FILES)
    return n


def _moment(day: date) -> datetime:
    """The day's beginning in the company's zone, as it is stored."""
    return datetime.combine(day, time.min, company_timezone()).astimezone(UTC).replace(tzinfo=None)


def _jobs(before: date) -> Select:
    return select(import_jobs.c.id).where(import_jobs.c.finished_at < _moment(before))


def _warnings(before: date) -> Select:
    c = import_warnings.c
    return select(c.batch_id, c.row_no).where(c.decided_at < _moment(before), c.value != PURGED)


def _has_left(before: date) -> ColumnElement[bool]:
    """Condition on people: deactivated and their last right ended, whichever came later, before the day.

    A right without an end keeps only who is active. Active without ever a right is no leaving. When somebody
    was deactivated only the audit log tells, which stays.
    """
    mine, c = grants.c.person_id == people.c.id, audit_log.c
    ended = exists().where(mine, grants.c.valid_to.is_not(None))
    is_open = grants.c.valid_to.is_(None) & people.c.is_active
    lasts = exists().where(mine, is_open | (grants.c.valid_to >= before))
    acts = select(c.subject).where(c.action == "people.change", c.after["is_active"].as_boolean().is_(False))
    subject = literal(people_seen.SUBJECT) + cast(people.c.id, String)
    is_off = ~people.c.is_active & subject.in_(acts)
    is_off_since = is_off & subject.in_(acts.where(c.at >= _moment(before)))
    return (ended | is_off) & ~lasts & ~is_off_since


def _is_to_be_blanked(before: date) -> ColumnElement[bool]:
    is_blank = people.c.email.is_(None) & people.c.name.like(former.ZH + "%")
    return _has_left(before) & ~is_blank


def _people(before: date) -> Select:
    return select(people.c.id, people.c.name).where(_is_to_be_blanked(before)).order_by(people.c.id)


def _views(before: date) -> Select:
    theirs = select(people.c.id).where(_has_left(before))
    return select(saved_views.c.id).where(
        saved_views.c.owner_id.in_(theirs), saved_views.c.org_unit_id.is_(None)
    )


def _remove_jobs(connection: Connection, before: date) -> int:
    return connection.execute(delete(import_jobs).where(import_jobs.c.id.in_(_jobs(before)))).rowcount


def _remove_views(connection: Connection, before: date) -> int:
    return connection.execute(delete(saved_views).where(saved_views.c.id.in_(_views(before)))).rowcount


def _blank_warnings(connection: Connection, before: date) -> int:
    c = import_warnings.c
    old = (c.decided_at < _moment(before), c.value != PURGED)
    return connection.execute(update(import_warnings).where(*old).values(value=PURGED, expected="")).rowcount


def _blank_people(connection: Connection, before: date) -> list[int]:
    """Numbers of those whose names and e-mails went."""
    administrators.lock(connection, _is_to_be_blanked(before))
    found = connection.execute(_people(before)).all()  # without whom somebody has let in again meanwhile
    for person in found:
        name, name_en = former.names(person.id)
        connection.execute(
            update(people)
            .where(people.c.id == person.id)
            .values(name=name, name_en=name_en, email=None, is_active=False, version=people.c.version + 1)
        )
        who_acted.rename(connection, person.id, person.name, name)
    return [person.id for person in found]


# Files that lie beside the database: those that would go, and their removal.
FILES: Mapping[str, tuple[Callable[[Engine, int], list], Callable[[Engine, int], int]]] = {
    "uploads": (lambda _engine, days: uploads.old(days), lambda _engine, days: uploads.forget_old(days)),
    "evidence_orphans": (evidence_files.orphans, evidence_files.remove_orphans),
}
GOING: Mapping[str, Callable[[date], Select]] = {
    "import_jobs": _jobs,
    "warning_values": _warnings,
    "former_people": _people,
    "former_views": _views,
}
REMOVED: Mapping[str, Callable[[Connection, date], int]] = {
    "import_jobs": _remove_jobs,
    "warning_values": _blank_warnings,
    "former_views": _remove_views,
}
