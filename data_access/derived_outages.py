"""What follows from outage steps and notices: outages, the steps' start_day, notice_areas.

Called inside the transaction that changed the rows, for the keys that it touched, by take-over and undo.
The unit, kind and cause of an outage are its own columns, else the first step's; first by interrupted_at,
then by key.
"""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    null,
    select,
    update,
)

from data_access.imports import bulk
from data_access.tables.outages import notice_areas, notices, outage_steps, outages

BATCH = 5_000
OWN = ("line_code", "detected_at", "trip", "has_automation", "is_fast_restored", "is_boundary_breaker")


def derive_outages(connection: Connection, bureau_id: str, touched: Table, zone: ZoneInfo) -> None:
    """Write anew the outages whose keys `touched` holds (column key), and the start_day of their steps."""
    keys = select(touched.c.key)
    mine = (outages.c.bureau_id == bureau_id) & outages.c.outage_key.in_(keys)
    connection.execute(delete(outages).where(mine))
    wanted = (outage_steps.c.bureau_id == bureau_id) & outage_steps.c.outage_key.in_(keys)
    summarise(connection, outage_steps, wanted, outages, zone)
    correct_start_days(connection, outage_steps, wanted, outages)


def summarise(
    connection: Connection,
    steps: Table,
    wanted: ColumnElement[bool],
    into: Table,
    zone: ZoneInfo,
    given: Collection[str] | None = None,
) -> None:
    """Write the outages that the wanted steps make up; both tables may be staged ones.

    given: columns of the steps that may hold anything, if that is known; the others are not looked at.
    """
    first, last = connection.execute(
        select(func.min(steps.c.interrupted_at), func.max(steps.c.interrupted_at)).where(wanted)
    ).one()
    if first is None:
        return

    def of_first(name: str) -> ColumnElement:
        return _first(steps, name) if given is None or name in given else null()

    begin, end = func.min(steps.c.interrupted_at), func.max(steps.c.restored_at)
    is_over = func.count(steps.c.restored_at) == func.count()
    values: dict[str, ColumnElement] = {
        "bureau_id": steps.c.bureau_id,
        "outage_key": steps.c.outage_key,
        "org_unit_id": func.coalesce(of_first("outage_org_unit_id"), of_first("org_unit_id")),
        "kind": func.coalesce(of_first("outage_kind"), of_first("kind")),
        "cause": func.coalesce(of_first("outage_cause"), of_first("cause")),
        **{name: of_first(name) for name in OWN},
        "started_at": begin,
        "ended_at": case((is_over, end), else_=null()),
        "duration_s": case((is_over, bulk.seconds_between(connection, begin, end)), else_=null()),
        "longest_step_s": func.max(steps.c.duration_s),
        "start_day": bulk.local_day(connection, begin, zone, first, last),
        "steps": func.count(),
        "customers": func.sum(steps.c.customers),
        "mv_users": func.sum(steps.c.mv_users),
        "open_steps": func.count() - func.count(steps.c.restored_at),
    }
    if "last_day" in into.c:
        values["last_day"] = func.max(steps.c.start_day)
    statement = (
        select(*(value.label(name) for name, value in values.items()))
        .where(wanted)
        .group_by(steps.c.bureau_id, steps.c.outage_key)
    )
    connection.execute(insert(into).from_select(list(values), statement))


def _first(steps: Table, name: str) -> ColumnElement:
    """The column's value in the first step that gives one.

    In nearly every outage all steps that give a value give the same, so only the others are looked up.
    """
    column = steps.c[name]
    is_flag = column.type.python_type is bool
    low, high = (function(cast(column, Integer) if is_flag else column) for function in (func.min, func.max))
    others = steps.alias("others")
    lookup = (
        select(others.c[name])
        .where(
            others.c.bureau_id == steps.c.bureau_id,
            others.c.outage_key == steps.c.outage_key,
            others.c[name].is_not(None),
        )
        .order_by(others.c.interrupted_at, others.c.step_key)
        .limit(1)
        .correlate(steps)
        .scalar_subquery()
    )
    agreed = cast(low, column.type) if is_flag else low
    return case((low == high, agreed), (low.is_(None), null()), else_=lookup)


def correct_start_days(
    connection: Connection, steps: Table, wanted: ColumnElement[bool], summaries: Table
) -> None:
    """Give the wanted steps the day of their outage."""
    same = and_(summaries.c.bureau_id == steps.c.bureau_id, summaries.c.outage_key == steps.c.outage_key)
    day = select(summaries.c.start_day).where(same).scalar_subquery()
    moved = exists().where(same, summaries.c.start_day != steps.c.start_day)
    connection.execute(update(steps).where(wanted, moved).values(start_day=day))


def derive_notice_areas(connection: Connection, bureau_id: str, touched: Table) -> None:
    """Write anew the areas of the notices whose keys `touched` holds (column key)."""
    keys = select(touched.c.key)
    connection.execute(
        delete(notice_areas).where(notice_areas.c.bureau_id == bureau_id, notice_areas.c.notice_key.in_(keys))
    )
    given: Select = select(notices.c.notice_key, notices.c.area_codes).where(
        notices.c.bureau_id == bureau_id,
        notices.c.notice_key.in_(keys),
        notices.c.area_codes.is_not(None),
    )
    rows = [
        {"bureau_id": bureau_id, "notice_key": key, "area_code": code}
        for key, codes in connection.execute(given)
        for code in area_codes(codes)
    ]
    for start in range(0, len(rows), BATCH):
        connection.execute(insert(notice_areas), rows[start : start + BATCH])


def area_codes(text: str) -> list[str]:
    """The codes of a list parted by ; or , also as Chinese writes them; each once, in their order."""
    for sign in (",", "\uff0c", "\uff1b", "、", "\n"):
        text = text.replace(sign, ";")
    return list(dict.fromkeys(code for one in text.split(";") if (code := one.strip())))
