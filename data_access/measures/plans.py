"""Plans: what planned notices announced, and what became of it.

Several messages, by SMS, on the web and in the app, that announce the same outage for the same start are one
plan. It counts once, with the message that was published first, on that message's unit. It was cancelled or
moved where any of them says so; moved too where a later message announces the outage for another start. A
notice that names no outage is a plan of its own.
"""

from collections.abc import Sequence
from datetime import UTC

import pandas as pd
from sqlalchemy import Alias, ColumnElement, Connection, and_, case, exists, false, func, literal, or_, select

from data_access import settings
from data_access.measures.days import local_days
from data_access.measures.request import Request
from data_access.measures.step_rows import by_version, seconds_frame
from data_access.sql_functions import seconds_from
from data_access.tables.outages import notices, outages
from domain import notices as rules_of
from domain.periods import last_day, utc_range
from domain.rule_sets import RuleVersion

TIMES = {
    "announced_start": "start_s",
    "started_at": "started_s",
    "cancelled_at": "cancelled_s",
    "rescheduled_to": "moved_to_s",
}


def _of_same_plan(other: Alias) -> ColumnElement[bool]:
    """Condition: the other message announces the same plan. Never without an outage."""
    return and_(
        other.c.bureau_id == notices.c.bureau_id,
        other.c.outage_key == notices.c.outage_key,
        other.c.kind == notices.c.kind,
        other.c.announced_start == notices.c.announced_start,
    )


def is_first() -> ColumnElement[bool]:
    """Condition on notices: no other message announced the plan before."""
    other = notices.alias("earlier")
    earlier = or_(
        other.c.published_at < notices.c.published_at,
        and_(other.c.published_at == notices.c.published_at, other.c.notice_key < notices.c.notice_key),
    )
    return ~exists(
        select(literal(1)).select_from(other).where(_of_same_plan(other), earlier).correlate(notices)
    )


def changed_at(name: str) -> ColumnElement:
    """When a plan was cancelled_at, or rescheduled_to, by the message itself or any other of the plan."""
    other = notices.alias("told_" + name)
    first = select(func.min(other.c[name])).where(_of_same_plan(other)).correlate(notices)
    return func.coalesce(notices.c[name], first.scalar_subquery())


def moved_to() -> ColumnElement:
    """When a plan was moved to: as a message of it says, else as a later one announces the outage instead."""
    own, other = notices.alias("of_plan"), notices.alias("announced_later")
    last = select(func.max(own.c.published_at)).where(_of_same_plan(own)).correlate(notices)
    anew = select(func.min(other.c.announced_start)).where(
        other.c.bureau_id == notices.c.bureau_id,
        other.c.outage_key == notices.c.outage_key,
        other.c.kind == notices.c.kind,
        other.c.announced_start != notices.c.announced_start,
        other.c.published_at > last.scalar_subquery(),
    )
    return func.coalesce(changed_at("rescheduled_to"), anew.correlate(notices).scalar_subquery())


def is_as_announced(
    versions: Sequence[RuleVersion], started_at: ColumnElement, announced_start: ColumnElement
) -> ColumnElement[bool]:
    """Condition: domain.notices.is_as_announced(), by the version of the announced local day."""
    zone = settings.company_timezone()
    off_s = func.abs(seconds_from(announced_start, started_at))
    newest_first = sorted(versions, key=lambda one: (one.valid_from, one.version), reverse=True)
    of_versions = [
        (
            announced_start >= utc_range(one.valid_from, one.valid_from, zone)[0],
            off_s <= one.body["plan"]["start_within_hours"] * 3600,
        )
        for one in newest_first
    ]
    return case(*of_versions, else_=false())


def plans(connection: Connection, request: Request) -> pd.DataFrame:
    """The plans whose announced start lies in the months, with flags named like the measures."""
    zone = settings.company_timezone()
    begin, end = utc_range(request.first_month, last_day(request.last_month), zone)
    same = and_(outages.c.bureau_id == notices.c.bureau_id, outages.c.outage_key == notices.c.outage_key)
    statement = (
        select(
            notices.c.org_unit_id,
            notices.c.announced_start,
            changed_at("cancelled_at").label("cancelled_at"),
            moved_to().label("rescheduled_to"),
            outages.c.started_at,
        )
        .select_from(notices.outerjoin(outages, same))
        .where(
            notices.c.kind == "planned",
            notices.c.announced_start >= begin,
            notices.c.announced_start < end,
            is_first(),
        )
    )
    if request.units is not None:
        statement = statement.where(notices.c.org_unit_id.in_(request.units))
    found = seconds_frame(connection, statement, TIMES)
    found["start_day"] = local_days(found["start_s"], zone)
    found["is_carried_out"] = by_version(
        request.rules["notices"], found["start_day"], found, rules_of.is_as_announced
    )
    now = utc_range(request.as_of_day, request.as_of_day, zone)[1]
    outcome = rules_of.plan_outcomes(found, now.replace(tzinfo=UTC).timestamp() - 1)
    changed = {f"plans_changed.{one}": outcome[one] for one in ("cancelled", "rescheduled")}
    return found.assign(
        plans_published=outcome["is_due"],
        plans_executed=outcome["executed"],
        plans_open=~outcome["is_due"] & found["cancelled_s"].isna(),
        **changed,
    )
